using System.Text.Json;
using Gateway.Host.Serving.Tokens.Texts;
using Gateway.Text.Tokenizers;

namespace Gateway.Host.Api.Admin;

/// <summary>Writes what there is to say of a tokenizer.</summary>
internal static class TokenizerInfo
{
    public static void Write(Utf8JsonWriter json, TextEntry entry)
    {
        json.WriteString("id"u8, entry.Id);
        json.WriteString("name"u8, entry.Name);
        json.WriteString("source"u8, entry.Source);
        json.WriteString("origin"u8, entry.Origin.ToString().ToLowerInvariant());
        WriteStatus(json, entry);
        if (entry.Files is not { } files)
            return;
        json.WriteNumber("vocab_size"u8, files.Tokenizer.IdLimit);
        json.WriteBoolean("has_chat_template"u8, (entry.Wishes.Templates ?? files.Templates) is not null);
    }

    public static void WriteStatus(Utf8JsonWriter json, TextEntry entry)
    {
        json.WriteString("status"u8, entry.Status.ToString().ToLowerInvariant());
        if (entry.Reason.Length > 0)
            json.WriteString("reason"u8, entry.Reason);
    }

    public static void WriteCache(Utf8JsonWriter json, TokenizerCache? cache)
    {
        json.WriteStartObject("cache"u8);
        Write("prompts", cache?.Prompts ?? default);
        Write("segments", cache?.Segments ?? default);
        json.WriteEndObject();

        void Write(string name, TokenizerCacheStatistics statistics)
        {
            json.WriteStartObject(name);
            json.WriteNumber("hits"u8, statistics.Hits);
            json.WriteNumber("misses"u8, statistics.Misses);
            json.WriteNumber("entries"u8, statistics.Entries);
            json.WriteNumber("bytes"u8, statistics.Bytes);
            json.WriteNumber("capacity_bytes"u8, statistics.CapacityBytes);
            json.WriteEndObject();
        }
    }
}
