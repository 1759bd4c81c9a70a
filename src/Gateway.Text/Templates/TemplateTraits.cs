namespace Gateway.Text.Templates;

/// <summary>In which form a template wants a message's content.</summary>
public enum ContentFormat
{
    /// <summary>A string. Text parts are joined before it sees them.</summary>
    Text,

    /// <summary>A list of parts with a type each. What the template makes of an image is its own matter.</summary>
    Parts,
}

/// <summary>What a template makes of the forms that an OpenAI request may have. Templates differ in it, and do not say.</summary>
/// <param name="Content">The richest form of a content that it renders.</param>
/// <param name="TakesText">Whether it renders a content that is a string; nearly all do.</param>
/// <param name="TakesNull">Whether a turn with tool calls may have no content: some templates look for it, some fail, some print None.</param>
/// <param name="TakesArgumentObjects">Whether a call's arguments may be an object; if not they stay the string of JSON that OpenAI's API has.</param>
/// <param name="TakesDeveloper">Whether it knows a developer's message, which is a system's to any other.</param>
public sealed record TemplateTraits(ContentFormat Content, bool TakesText, bool TakesNull, bool TakesArgumentObjects, bool TakesDeveloper);
