namespace Gateway.Host.Serving.Tokens.Pairs;

/// <summary>The decode half waited for its prefill half in vain. What became of that the <see cref="TokenPrefillLeg"/> tells.</summary>
internal sealed class PrefillLostException(Exception inner) : IOException("The prefill failed.", inner);
