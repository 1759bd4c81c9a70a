using Google.Protobuf;

namespace Gateway.Actors.Registrations;

/// <summary>
/// The file in which a gateway keeps registrations over a restart, as JSON of <c>protos/gateway/registrations.proto</c>. It has the workers'
/// API keys in it, so only its owner may read it. It is replaced as a whole: a gateway that dies while it writes leaves the old one.
/// </summary>
public sealed class RegistrationFile(string path)
{
    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithIndentation());
    private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));

    public string Path { get; } = path;

    /// <summary>Empty if there is none.</summary>
    /// <exception cref="FormatException">It can't be understood.</exception>
    /// <exception cref="IOException">It can't be read; or <see cref="UnauthorizedAccessException"/>.</exception>
    public KeptRegistrations Load()
    {
        if (!File.Exists(Path))
            return KeptRegistrations.None;
        var text = File.ReadAllText(Path);
        try
        {
            return KeptRegistrations.Read(Parser.Parse<Wire.RegistrationList>(text));
        }
        catch (Exception failure) when (failure is InvalidProtocolBufferException or InvalidJsonException or ArgumentOutOfRangeException)
        {
            throw new FormatException(failure.Message, failure);
        }
    }

    /// <summary>Returns when it is on the disk.</summary>
    /// <exception cref="IOException">It can't be written; or <see cref="UnauthorizedAccessException"/>.</exception>
    public void Save(KeptRegistrations kept)
    {
        var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!;
        var next = Path + ".next";
        var how = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (OperatingSystem.IsWindows())
        {
            // There the rights of the folder are the file's.
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            how.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(next, how))
        {
            using (var writer = new StreamWriter(stream, leaveOpen: true))
                Formatter.Format(kept.Write(), writer);
            stream.Flush(flushToDisk: true);
        }

        File.Move(next, Path, overwrite: true);
    }

    /// <summary>Puts a file aside that can't be understood, so that the next one does not overwrite it.</summary>
    public void PutAside() => File.Move(Path, Path + ".broken", overwrite: true);
}
