using System.ComponentModel;
using ModelContextProtocol.Server;

namespace McpSample;

/// <summary>What the MCP server offers.</summary>
[McpServerToolType]
internal sealed class OrderTools
{
    [McpServerTool(Name = "place_order"), Description("Orders an article.")]
    public static string PlaceOrder(string article, int count) => $"ordered {count} {article}";
}
