namespace Gateway.Text.Tokenizers.Added;

/// <summary>A token that is found in the text as a whole, before the model sees it.</summary>
/// <param name="Content">What it looks like.</param>
/// <param name="Special">Whether decoding can leave it out.</param>
/// <param name="Normalized">Whether it is looked for in normalized text.</param>
/// <param name="SingleWord">Whether it must not touch letters or digits.</param>
/// <param name="StripLeft">Whether it swallows white space in front.</param>
/// <param name="StripRight">Whether it swallows white space behind.</param>
internal sealed record AddedToken(
    string Content,
    bool Special,
    bool Normalized = true,
    bool SingleWord = false,
    bool StripLeft = false,
    bool StripRight = false);
