using System.CommandLine;
using System.CommandLine.Parsing;
using Ablation.Harness.Foundations;

namespace Ablation.Experiments.Commands;

/// <summary>What is wrong with a command line, in this program's own words and without a page of help.</summary>
internal static class UsageProblems
{
    /// <summary>Returns each problem on a line, the last of them with the command that lists the options.</summary>
    public static string Of(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var path = PathOf(parsed.CommandResult);
        List<string> problems = [.. Unknown(parsed, command)];
        if (problems.Count == 0) problems.AddRange(parsed.Errors.Select(error => Described(error, command, path)).Distinct());
        return string.Join("\n", problems) + $"\n  options: {path} --help";
    }

    private static IEnumerable<string> Unknown(ParseResult parsed, Command command)
    {
        // an unknown option may have been taken for an argument
        var options = parsed.Tokens.Where(token => token.Type == TokenType.Argument).Select(token => token.Value)
            .Where(value => value.StartsWith("--", StringComparison.Ordinal))
            .Concat(parsed.UnmatchedTokens.Where(token => token.StartsWith('-'))).Distinct().ToList();
        foreach (var option in options)
        {
            string[] known = [.. command.Options.Where(one => !one.Hidden).SelectMany(one => one.Aliases.Prepend(one.Name))
                .Where(name => name.StartsWith("--", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
            var near = NearName.Find(option.Split('=')[0], known);
            yield return $"{option}: no such option{(near is null ? "" : $"; did you mean {near}?")}";
        }

        if (options.Count > 0) yield break;
        foreach (var token in parsed.UnmatchedTokens.Take(1))
        {
            var commands = command.Subcommands.Select(one => one.Name).ToList();
            yield return commands.Count > 0
                ? $"{token}: no such command; {NearName.Hint(token, commands)}"
                : $"{token}: one word too many; put a name with blanks in quotes";
        }
    }

    private static string Described(ParseError error, Command command, string path) => error.SymbolResult switch
    {
        OptionResult { Tokens.Count: 0 } option => $"{option.Option.Name}: needs a value: {option.Option.Description}",
        OptionResult option when Words(option.Option.ValueType) is { } words =>
            $"{option.Option.Name} {string.Join(' ', option.Tokens.Select(token => token.Value))}: must be {words}",
        ArgumentResult { Tokens.Count: 0 } argument => Missing(argument.Argument, path),
        CommandResult when command.Subcommands.Count > 0 =>
            $"{path}: which? known: {string.Join(", ", command.Subcommands.Select(one => one.Name))}",
        CommandResult result when command.Arguments.FirstOrDefault(one =>
            one.Arity.MinimumNumberOfValues > 0 && result.GetResult(one) is null or { Tokens.Count: 0 }) is { } argument =>
            Missing(argument, path),
        CommandResult result when command.Options.FirstOrDefault(one =>
            one.Required && result.GetResult(one) is null or { Tokens.Count: 0 }) is { } option =>
            $"{path}: {option.Name} is missing: {option.Description}",
        _ => error.Message.ReplaceLineEndings(" "),
    };

    private static string Missing(Argument argument, string path) => $"{path}: the {argument.Name} is missing: {argument.Description}";

    private static string? Words(Type type) => (Nullable.GetUnderlyingType(type.GetElementType() ?? type) ?? type.GetElementType() ?? type)
        switch
    {
        var whole when whole == typeof(int) => "a whole number",
        var number when number == typeof(double) => "a number",
        var flag when flag == typeof(bool) => "true or false, or without a value",
        _ => null,
    };

    private static string PathOf(SymbolResult? result) => result is CommandResult command
        ? command.Command is RootCommand ? "ablation" : $"{PathOf(result.Parent)} {command.Command.Name}" : "";
}
