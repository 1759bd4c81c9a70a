using Gateway.Text.Templates.Nodes;
using Gateway.Text.Templates.Operations;

namespace Gateway.Text.Templates.Library;

internal static class Replacing
{
    /// <summary>The first <paramref name="most"/> occurrences, or all if negative. An empty <paramref name="old"/> is before each character and at the end.</summary>
    public static string Replace(RenderContext context, string text, string old, string replacement, int most)
    {
        context.Reading(text.Length);
        if (most == 0 || (old.Length > 0 && !text.Contains(old, StringComparison.Ordinal)))
            return text;
        using var replaced = new PooledText(text.Length);
        var start = 0;
        for (var done = 0; most < 0 || done < most; done++)
        {
            var at = old.Length > 0 ? text.IndexOf(old, start, StringComparison.Ordinal) : Next(text, start, done);
            if (at < 0)
                break;
            context.Step();
            context.Fits((long)replaced.Length + (at - start) + replacement.Length);
            replaced.Write(text.AsSpan(start, at - start));
            replaced.Write(replacement);
            start = at + old.Length;
        }

        replaced.Write(text.AsSpan(start));
        return context.Made(replaced.ToString());
    }

    private static int Next(string text, int start, int done)
    {
        if (done == 0)
            return 0;
        if (start >= text.Length)
            return -1;
        return start + (start + 1 < text.Length && char.IsSurrogatePair(text[start], text[start + 1]) ? 2 : 1);
    }
}
