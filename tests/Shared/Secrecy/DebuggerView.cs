using System.Collections;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;

namespace DpopHttp.Tests.Keys;

/// <summary>
/// What a debugger shows of an object when all its members are unfolded, the private ones too: by the attributes
/// <see cref="DebuggerDisplayAttribute"/> and <see cref="DebuggerBrowsableAttribute"/>. It goes into the library's own objects, and into
/// collections, tuples and delegates for these.
/// </summary>
internal sealed partial class DebuggerView
{
    private const BindingFlags Declared =
        BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private const int Depth = 10;

    private readonly StringBuilder _text = new();
    private readonly HashSet<object> _shown = new(ReferenceEqualityComparer.Instance);

    private DebuggerView()
    {
    }

    public static string Of(object shown)
    {
        DebuggerView view = new();
        view.Show(shown, Depth);
        return view._text.ToString();
    }

    private void Show(object? value, int depth)
    {
        if (value is null)
        {
            return;
        }

        _text.AppendLine(Display(value));
        if (value is string || depth == 0 || (!value.GetType().IsValueType && !_shown.Add(value)))
        {
            return;
        }

        switch (value)
        {
            case byte[] bytes:
                _text.AppendLine(Convert.ToHexString(bytes));
                break;
            case ITuple tuple:
                for (int i = 0; i < tuple.Length; i++)
                {
                    Show(tuple[i], depth - 1);
                }

                break;
            case IDictionary dictionary:
                Show(dictionary.Keys.Cast<object>().ToArray(), depth);
                Show(dictionary.Values.Cast<object>().ToArray(), depth);
                break;
            case IEnumerable items:
                foreach (object? item in items)
                {
                    Show(item, depth - 1);
                }

                break;
            case Delegate function:
                Show(function.Target, depth - 1);
                break;
            default:
                for (Type? type = value.GetType(); type is not null && IsOurs(type); type = type.BaseType)
                {
                    ShowMembers(value, type, depth);
                }

                break;
        }
    }

    private void ShowMembers(object value, Type type, int depth)
    {
        foreach (PropertyInfo property in type.GetProperties(Declared).Where(p => p.CanRead && p.GetIndexParameters().Length == 0 && IsShown(p)))
        {
            _text.Append(property.Name).Append(" = ");
            Show(Try(() => property.GetValue(value)), depth - 1);
        }

        foreach (FieldInfo field in type.GetFields(Declared).Where(f => IsShown(f) && !IsBackingField(f)))
        {
            _text.Append(field.Name).Append(" = ");
            Show(field.GetValue(value), depth - 1);
        }
    }

    private static string Display(object value)
    {
        string text = Try(value.ToString) as string ?? "";
        if (value.GetType().GetCustomAttribute<DebuggerDisplayAttribute>() is not { Value: { } format } || !IsOurs(value.GetType()))
        {
            return text;
        }

        return text + " " + Hole().Replace(format, hole => Evaluate(value, hole.Groups["member"].Value));
    }

    /// <summary>Property names and calls without arguments: the expressions in use here.</summary>
    private static string Evaluate(object value, string expression)
    {
        const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        Type type = value.GetType();
        object? result = expression.EndsWith("()", StringComparison.Ordinal)
            ? (type.GetMethod(expression[..^2], Any, []) ?? throw Unknown(expression)).Invoke(value, null)
            : (type.GetProperty(expression, Any) ?? throw Unknown(expression)).GetValue(value);
        return result?.ToString() ?? "null";
    }

    private static InvalidOperationException Unknown(string expression) => new($"The test cannot evaluate '{expression}': teach it.");

    private static object? Try(Func<object?> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception)
        {
            return exception.ToString();
        }
    }

    /// <summary>Of one of the library's packages.</summary>
    private static bool IsOurs(Type type) => type.Assembly.GetName().Name is "DpopHttp" or "DpopHttp.Tokens";

    private static bool IsShown(MemberInfo member) => member.GetCustomAttribute<DebuggerBrowsableAttribute>()?.State != DebuggerBrowsableState.Never;

    /// <summary>Debuggers hide the compiler's own fields; the property stands for it.</summary>
    private static bool IsBackingField(FieldInfo field) =>
        field.GetCustomAttribute<CompilerGeneratedAttribute>() is not null && field.Name.StartsWith('<') && field.Name.EndsWith("k__BackingField", StringComparison.Ordinal);

    [GeneratedRegex(@"\{(?<member>[^,}]+)(,nq)?\}")]
    private static partial Regex Hole();
}
