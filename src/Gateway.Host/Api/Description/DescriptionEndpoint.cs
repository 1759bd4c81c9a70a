namespace Gateway.Host.Api.Description;

/// <summary>How the description is put into the application, which must have its other endpoints by the first request.</summary>
internal static class DescriptionEndpoint
{
    public static void MapDescription(this WebApplication app)
    {
        var description = new ApiDescription(app.Services.GetRequiredService<EndpointDataSource>());
        app.MapMethods(ApiDescription.Path, [HttpMethods.Get], (RequestDelegate)description.GetAsync);
    }
}
