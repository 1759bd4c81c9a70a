using System.Globalization;
using System.Reflection;
using Gateway.Wire.Common;
using Gateway.Wire.SgLang;
using Gateway.Wire.TensorRtLlm;
using Gateway.Wire.Vllm;
using Google.Protobuf.Reflection;

namespace Gateway.Actors.Tests.Wire;

/// <summary>
/// The compiled contracts, line by line, against tables of what real engines speak. A table has one line for each package, method, message,
/// field, reserved number and enum value; so nothing can be missing, be too much, or have another number or type.
/// </summary>
public sealed class WireContractTests
{
    public static TheoryData<string> Tables => ["common", "sglang_scheduler", "vllm_engine", "trtllm_service"];

    [Theory]
    [MemberData(nameof(Tables))]
    public void The_compiled_contract_is_the_engines(string table)
    {
        var expected = Read(table).Order(StringComparer.Ordinal).ToArray();
        var actual = Lines(DescriptorOf(table)).Order(StringComparer.Ordinal).ToArray();

        Assert.Empty(expected.Except(actual));
        Assert.Empty(actual.Except(expected));
        Assert.Equal(expected, actual);
    }

    private static FileDescriptor DescriptorOf(string table) => table switch
    {
        "common" => CommonReflection.Descriptor,
        "sglang_scheduler" => SglangSchedulerReflection.Descriptor,
        "vllm_engine" => VllmEngineReflection.Descriptor,
        _ => TrtllmServiceReflection.Descriptor,
    };

    private static string[] Read(string table)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"wire.{table}.tsv")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().TrimEnd('\n').Split('\n');
    }

    private static IEnumerable<string> Lines(FileDescriptor file)
    {
        yield return $"package\t{file.Package}";
        foreach (var service in file.Services)
        {
            foreach (var method in service.Methods)
            {
                Assert.False(method.IsClientStreaming);
                var answers = method.IsServerStreaming ? "stream " : "";
                yield return $"rpc\t{service.Name}\t{method.Name}\t{method.InputType.FullName}\t{answers}{method.OutputType.FullName}";
            }
        }

        foreach (var line in file.EnumTypes.SelectMany(static type => Lines(type, type.Name)))
            yield return line;
        foreach (var line in file.MessageTypes.SelectMany(Lines))
            yield return line;
    }

    private static IEnumerable<string> Lines(EnumDescriptor type, string name) =>
        type.Values.Select(value => $"enum\t{name}\t{value.Name}\t{value.Number.ToString(CultureInfo.InvariantCulture)}");

    private static IEnumerable<string> Lines(MessageDescriptor message)
    {
        yield return $"message\t{message.Name}";
        foreach (var range in message.ToProto().ReservedRange)
        {
            for (var number = range.Start; number < range.End; number++)
                yield return $"reserved\t{message.Name}\t{number}";
        }

        foreach (var type in message.EnumTypes)
        {
            foreach (var line in Lines(type, $"{message.Name}.{type.Name}"))
                yield return line;
        }

        foreach (var field in message.Fields.InDeclarationOrder())
            yield return $"field\t{message.Name}\t{field.Name}\t{field.FieldNumber}\t{TypeOf(field)}\t{field.RealContainingOneof?.Name}";
    }

    private static string TypeOf(FieldDescriptor field)
    {
        if (field.IsMap)
            return $"map<{NameOf(field.MessageType.FindFieldByNumber(1))}, {NameOf(field.MessageType.FindFieldByNumber(2))}>";
        var isOptional = field.ToProto().Proto3Optional;
        return (field.IsRepeated ? "repeated " : isOptional ? "optional " : "") + NameOf(field);
    }

    /// <summary>As a contract writes it: types of its own package by their short names.</summary>
    private static string NameOf(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Message => field.MessageType.File == field.File ? field.MessageType.Name : field.MessageType.FullName,
        FieldType.Enum => field.EnumType.File == field.File ? field.EnumType.Name : field.EnumType.FullName,
        _ => field.FieldType.ToString().ToLowerInvariant(),
    };
}
