using System.Reflection;
using System.Runtime.InteropServices;

namespace Ablation.Tests;

/// <summary>Wine, which runs Windows programs on Linux. Tests that Wine breaks have this category and are left out there.</summary>
internal static class Wine
{
    public const string Category = "NotOnWine";

    public const string Unwinding =
        "an error in libtorch leaves its guards in place, since no destructors run, and no later test of the thread has gradients";

    public const string Rounding =
        "libtorch cannot read the processor and computes without vectors, and a batch in pieces then differs by more than is allowed";

    public const string Links = "a link to a folder is made without an error and is empty";

    /// <summary>Whether this process runs in it; its ntdll exports what Windows' does not.</summary>
    public static bool IsHere => OperatingSystem.IsWindows() && NativeLibrary.TryLoad("ntdll.dll", out var library)
        && NativeLibrary.TryGetExport(library, "wine_get_version", out _);

    /// <summary>The tests, or classes of tests, that it breaks.</summary>
    public static IEnumerable<(string Test, string Reason)> Broken() =>
        from type in typeof(Wine).Assembly.GetTypes()
        from member in type.GetMethods().Cast<MemberInfo>().Append(type)
        let mark = member.GetCustomAttribute<NotOnWineAttribute>(inherit: false)
        where mark is not null
        select (member is Type ? type.Name : $"{type.Name}.{member.Name}", mark.Reason);
}

/// <summary>A test that fails in Wine for a reason of Wine's.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = false)]
public sealed class NotOnWineAttribute(string reason) : NUnit.Framework.CategoryAttribute(Wine.Category)
{
    public string Reason { get; } = reason;
}
