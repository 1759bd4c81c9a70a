using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;

namespace Gateway.Actors.Tests.Support.Fakes;

/// <summary>Puts a service's methods on a server: the contracts are compiled for clients only.</summary>
internal static class GrpcMethods
{
    public static void Unary<TRequest, TResponse>(this ServiceBinderBase binder, ServiceDescriptor service, string name)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() =>
        binder.AddMethod(Method<TRequest, TResponse>(MethodType.Unary, service, name), (UnaryServerMethod<TRequest, TResponse>)null!);

    public static void Stream<TRequest, TResponse>(this ServiceBinderBase binder, ServiceDescriptor service, string name)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() =>
        binder.AddMethod(Method<TRequest, TResponse>(MethodType.ServerStreaming, service, name), (ServerStreamingServerMethod<TRequest, TResponse>)null!);

    private static Method<TRequest, TResponse> Method<TRequest, TResponse>(MethodType type, ServiceDescriptor service, string name)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new()
    {
        Assert.NotNull(service.FindMethodByName(name));
        return new Method<TRequest, TResponse>(type, service.FullName, name, Marshaller<TRequest>(), Marshaller<TResponse>());
    }

    private static Marshaller<T> Marshaller<T>()
        where T : class, IMessage<T>, new()
    {
        var parser = new MessageParser<T>(static () => new T());
        return Marshallers.Create(static message => message.ToByteArray(), parser.ParseFrom);
    }
}
