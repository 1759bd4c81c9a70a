using Gateway.Actors.Engines.Administration;
using Gateway.Wire.Common;
using Gateway.Wire.SgLang;
using Grpc.Core;

namespace Gateway.Actors.Engines.SgLang;

/// <summary>What operators can ask of SGLang.</summary>
internal sealed class SgLangAdministration : IEngineAdministration
{
    public async Task<EngineAnswer> FlushCacheAsync(CallInvoker channel, TimeSpan wait, CallOptions options)
    {
        var message = new FlushCacheRequest { TimeoutS = (float)wait.TotalSeconds };
        var answer = await Client(channel).FlushCacheAsync(message, options).ConfigureAwait(false);
        return EngineAnswer.Of(answer.Success, answer.Message);
    }

    public async Task<EngineAnswer> StartProfileAsync(CallInvoker channel, ProfileSettings settings, CallOptions options)
    {
        var message = new StartProfileRequest { Activities = { settings.Activities }, ProfileByStage = settings.ByStage };
        if (settings.OutputFolder is { } folder)
            message.OutputDir = folder;
        if (settings.StartStep is { } start)
            message.StartStep = start;
        if (settings.Steps is { } steps)
            message.NumSteps = steps;
        if (settings.WithStack is { } withStack)
            message.WithStack = withStack;
        if (settings.RecordShapes is { } shapes)
            message.RecordShapes = shapes;
        var answer = await Client(channel).StartProfileAsync(message, options).ConfigureAwait(false);
        return EngineAnswer.Of(answer.Success, answer.Message);
    }

    public async Task<EngineAnswer> StopProfileAsync(CallInvoker channel, CallOptions options)
    {
        var answer = await Client(channel).StopProfileAsync(new StopProfileRequest(), options).ConfigureAwait(false);
        return EngineAnswer.Of(answer.Success, answer.Message);
    }

    public async Task<EngineAnswer> LoadAdapterAsync(CallInvoker channel, LoraAdapter adapter, CallOptions options)
    {
        var message = new LoadLoRAAdapterRequest
        {
            LoraName = adapter.Name,
            LoraPath = adapter.Path,
            LoraId = adapter.Id,
            Pinned = adapter.IsPinned,
        };
        var answer = await Client(channel).LoadLoRAAdapterAsync(message, options).ConfigureAwait(false);
        return EngineAnswer.Of(answer.Success, answer.Message) with { Adapters = WithIds(answer.LoadedLoraIds) };
    }

    public async Task<EngineAnswer> UnloadAdapterAsync(CallInvoker channel, LoraAdapter adapter, CallOptions options)
    {
        var message = new UnloadLoRAAdapterRequest { LoraName = adapter.Name, LoraId = adapter.Id };
        var answer = await Client(channel).UnloadLoRAAdapterAsync(message, options).ConfigureAwait(false);
        return EngineAnswer.Of(answer.Success, answer.Message) with { Adapters = WithIds(answer.LoadedLoraIds) };
    }

    public async Task<EngineAnswer> ListAdaptersAsync(CallInvoker channel, CallOptions options)
    {
        var answer = await Client(channel).ListLoadedLoRAAdaptersAsync(new ListLoadedLoRAAdaptersRequest(), options).ConfigureAwait(false);
        return EngineAnswer.Of(success: true, "") with
        {
            Adapters = [.. answer.LoadedAdapters.Select(static adapter => new LoraAdapter(adapter.LoraName, adapter.LoraPath, adapter.LoraId, adapter.Pinned))],
        };
    }

    private static LoraAdapter[] WithIds(IEnumerable<string> ids) => [.. ids.Select(static id => new LoraAdapter("", Id: id))];

    private static SglangScheduler.SglangSchedulerClient Client(CallInvoker channel) => new(channel);
}
