using Gateway.Benchmarks.RegistryBurst;
using Gateway.Benchmarks.RegistryRead;
using Gateway.Benchmarks.TextDetokenizer;
using Gateway.Benchmarks.TextParsers;
using Gateway.Benchmarks.TextTemplate;
using Gateway.Benchmarks.TextTokenizer;

return args switch
{
    ["registry-read", .. var rest] => RegistryReadCommand.Run(rest),
    ["client-fetch", .. var rest] => RegistryReadCommand.RunClients(rest),
    ["registry-burst", .. var rest] => await RegistryBurstCommand.RunAsync(rest).ConfigureAwait(false),
    ["text-template", .. var rest] => TextTemplateCommand.Run(rest),
    ["text-detokenizer", .. var rest] => TextDetokenizerCommand.Run(rest),
    ["text-parsers", .. var rest] => TextParsersCommand.Run(rest),
    ["text-tokenizer", .. var rest] => TextTokenizerCommand.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine(
        """
        usage: dotnet run -c Release --project bench/Gateway.Benchmarks -- <bench>
          registry-read  [--rounds N]   a model's lookup and a worker's client, against what else one might use
          client-fetch   [--rounds N]   the worker's client alone
          registry-burst [--rounds N]   registering and removing 100, 1,000 and 10,000 workers
          text-template    [--rounds N] making prompts of conversations, next to Hugging Face's interpreter in JavaScript
          text-detokenizer [--rounds N] making text of tokens as they come, with and without stop texts
          text-parsers   [--rounds N]   taking a streamed answer apart, each dialect of tool calls
          text-tokenizer [--rounds N]   encoding and decoding, next to the original implementation and to .NET's package
        """);
    return 2;
}
