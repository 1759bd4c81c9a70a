namespace Gateway.Text.Tokenizers.PreTokenizers;

/// <summary>Where a mark for a space is put in front.</summary>
internal enum MetaspaceScheme
{
    /// <summary>In front of each text that has none, also of one behind an added token.</summary>
    Always,

    /// <summary>Only where the whole text begins.</summary>
    First,

    /// <summary>Nowhere.</summary>
    Never,
}
