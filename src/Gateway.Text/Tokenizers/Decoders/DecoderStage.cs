using System.Buffers;
using System.Text;

namespace Gateway.Text.Tokenizers.Decoders;

/// <summary>One step from tokens to text, with what it holds back. The same steps decode a whole answer and one that is still coming.</summary>
internal abstract class DecoderStage
{
    /// <summary>Takes the next token, or the next part of the text if a step before joined the tokens.</summary>
    public abstract void Add(ReadOnlySpan<char> token);

    /// <summary>Takes a token as the vocabulary writes it.</summary>
    public virtual void AddUtf8(ReadOnlySpan<byte> token)
    {
        var rented = token.Length > 256 ? ArrayPool<char>.Shared.Rent(token.Length) : null;
        Span<char> buffer = rented ?? stackalloc char[256];
        Add(buffer[..Encoding.UTF8.GetChars(token, buffer)]);
        if (rented is not null)
            ArrayPool<char>.Shared.Return(rented);
    }

    /// <summary>Passes on what is held back; nothing comes after this.</summary>
    public abstract void End();
}
