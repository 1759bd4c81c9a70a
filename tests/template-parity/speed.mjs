// How long Hugging Face's interpreter takes for the templates and conversations of the file that is named; microseconds as JSON. For the
// benches. The fastest of five rounds of a tenth of a second.
import { readFileSync } from "node:fs";
import { Template } from "@huggingface/jinja";

const { templates, conversations } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const results = {};
for (const { name, source, bos_token, eos_token } of templates) {
  const template = new Template(source);
  for (const { name: conversation, variables } of conversations) {
    const json = JSON.stringify({ ...variables, bos_token: bos_token ?? undefined, eos_token: eos_token ?? undefined });
    const render = () => template.render(JSON.parse(json));
    try {
      render();
    } catch {
      continue;
    }
    let fastest = Infinity;
    for (let round = 0; round < 5; round++) {
      const start = performance.now();
      let renders = 0;
      do {
        render();
        renders++;
      } while (performance.now() - start < 100);
      fastest = Math.min(fastest, ((performance.now() - start) * 1000) / renders);
    }
    results[`${name}|${conversation}`] = fastest;
  }
}
console.log(JSON.stringify(results));
