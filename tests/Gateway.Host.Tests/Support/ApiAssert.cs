using System.Text.Json;

namespace Gateway.Host.Tests.Support;

internal static class ApiAssert
{
    /// <summary>The answer is an error in OpenAI's shape, and has a request id.</summary>
    public static async Task ErrorAsync(HttpResponseMessage response, int status, string code)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"expected {status}, got {(int)response.StatusCode}: {text}");
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        Assert.NotEmpty(response.Headers.GetValues("x-request-id").Single());
        ErrorObject(text, code);
    }

    public static void ErrorObject(string json, string code)
    {
        using var document = JsonDocument.Parse(json);
        var error = document.RootElement.GetProperty("error");
        Assert.Equal(["message", "type", "param", "code"], error.EnumerateObject().Select(property => property.Name));
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.NotEqual("", error.GetProperty("message").GetString());
        Assert.DoesNotContain("127.0.0.1", json, StringComparison.Ordinal);
    }
}
