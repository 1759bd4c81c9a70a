// How numbers and times are written. Units stand beside them, and a figure has three digits that say something.

const clockFormat = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });

export const NOTHING = "–";

export function number(value) {
  if (value === null || value === undefined)
    return NOTHING;
  const size = Math.abs(value);
  if (size >= 1e9)
    return `${digits(value / 1e9)}G`;
  if (size >= 1e6)
    return `${digits(value / 1e6)}M`;
  if (size >= 1e4)
    return `${digits(value / 1e3)}k`;
  return Number.isInteger(value) ? String(value) : digits(value);
}

export function milliseconds(value) {
  if (value === null || value === undefined)
    return NOTHING;
  if (value >= 60_000)
    return `${Math.floor(value / 60_000)} min ${Math.round(value % 60_000 / 1000)} s`;
  if (value >= 1000)
    return `${value % 1000 === 0 ? value / 1000 : digits(value / 1000)} s`;
  return `${Number.isInteger(value) ? value : digits(value)} ms`;
}

export function bytes(value) {
  if (value >= 1024 * 1024)
    return `${digits(value / 1024 / 1024)} MB`;
  return value >= 1024 ? `${digits(value / 1024)} KB` : `${value} B`;
}

export const percent = share => share === null || share === undefined ? NOTHING : `${Math.round(share * 100)} %`;

export const clock = time => clockFormat.format(new Date(time));

export function duration(time) {
  const seconds = Math.max(0, Math.floor(time / 1000));
  if (seconds < 60)
    return `${seconds} s`;
  if (seconds < 3600)
    return `${Math.floor(seconds / 60)} min`;
  return seconds < 86_400 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86_400)} d`;
}

/** The scheme says how it is spoken to, which has a place of its own. */
export const shortUrl = url => url.replace(/^http:\/\//, "");

export const plural = (count, one, many = `${one}s`) => `${number(count)} ${count === 1 ? one : many}`;

function digits(value) {
  const size = Math.abs(value);
  return size >= 100 || value === 0 ? String(Math.round(value)) : size >= 10 ? value.toFixed(1) : value.toFixed(2);
}
