namespace Gateway.Host.Serving.Tokens.Requests;

/// <summary>Reads <c>stream_options</c>.</summary>
internal static class StreamFields
{
    /// <returns>True if the client wants the usage at the end of a stream.</returns>
    public static bool IncludeUsage(FieldReader fields, bool stream)
    {
        if (fields.Object("stream_options") is not { } options)
            return false;
        if (!stream)
        {
            fields.Refuse(FieldError.Invalid("stream_options", "The 'stream_options' parameter is only allowed when 'stream' is enabled."));
            return false;
        }

        var inner = new FieldReader(options, "stream_options.");
        var includes = inner.Flag("include_usage") ?? false;
        if (inner.Error is { } error)
            fields.Refuse(error);
        return includes;
    }
}
