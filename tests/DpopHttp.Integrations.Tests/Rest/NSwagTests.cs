using System.Reflection;
using System.Runtime.Loader;
using DpopHttp.Integrations.Tests.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.Extensions.DependencyInjection;
using NSwag;
using NSwag.CodeGeneration.CSharp;

namespace DpopHttp.Integrations.Tests.Rest;

/// <summary>A client that NSwag generates from a description, compiled here.</summary>
public class NSwagTests
{
    private const string Description = """
        {
          "openapi": "3.0.1", "info": { "title": "Orders", "version": "1" },
          "paths": { "/orders": {
            "get": { "operationId": "List", "responses": { "200": { "description": "", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Answer" } } } } } },
            "post": { "operationId": "Add",
              "requestBody": { "content": { "application/json": { "schema": { "type": "array", "items": { "type": "string" } } } } },
              "responses": { "200": { "description": "", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Answer" } } } } } } } },
          "components": { "schemas": { "Answer": { "type": "object", "properties": { "length": { "type": "integer" } } } } }
        }
        """;

    [Fact]
    public async Task A_generated_client_works()
    {
        Type client = await GenerateAsync();
        await using Gate gate = await Gate.StartAsync();
        ServiceCollection services = new();
        services.AddHttpClient("orders", http =>
        {
            http.BaseAddress = gate.Address;
            http.DefaultRequestHeaders.Add("Authorization", "Bearer opaque");
        }).AddDpop();
        await using ServiceProvider provider = services.BuildServiceProvider();
        object orders = Activator.CreateInstance(client, provider.GetRequiredService<IHttpClientFactory>().CreateClient("orders"))!;
        await gate.AssertOneChallengeForEachNonceAsync(() => (Task)client.GetMethod("ListAsync", [])!.Invoke(orders, [])!);
        gate.Rotate();
        MethodInfo add = client.GetMethod("AddAsync", [typeof(IEnumerable<string>)])!;
        await gate.AssertOneChallengeForEachNonceAsync(() => (Task)add.Invoke(orders, [new[] { "books" }])!);
    }

    private static async Task<Type> GenerateAsync()
    {
        CSharpClientGeneratorSettings settings = new()
        {
            ClassName = "OrdersClient",
            UseBaseUrl = false,
            CSharpGeneratorSettings = { Namespace = "Generated", JsonLibrary = NJsonSchema.CodeGeneration.CSharp.CSharpJsonLibrary.SystemTextJson },
        };
        string code = new CSharpClientGenerator(await OpenApiDocument.FromJsonAsync(Description), settings).GenerateFile();
        IEnumerable<MetadataReference> references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path));
        CSharpCompilation compilation = CSharpCompilation.Create(
            "Generated", [CSharpSyntaxTree.ParseText(code)], references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        using MemoryStream assembly = new();
        Assert.Empty(compilation.Emit(assembly).Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        assembly.Position = 0;
        return new AssemblyLoadContext("Generated", isCollectible: true).LoadFromStream(assembly).GetType("Generated.OrdersClient")!;
    }
}
