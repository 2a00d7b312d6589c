using System.CommandLine;

namespace Ablation.Experiments.Commands;

/// <summary><c>ablation completion SHELL</c>: prints a script with which the Tab key completes commands, suites and trials.</summary>
public sealed class CompletionCommand : ISubcommand
{
    private const string Bash = """
        # eval "$(ablation completion bash)"
        _ablation() {
            local line="${COMP_LINE#* }" word="${COMP_WORDS[COMP_CWORD]}" IFS=$'\n'
            local at=$((COMP_POINT - ${#COMP_LINE} + ${#line}))
            [ "$at" -ge 0 ] || return
            COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:$at]" "$line" 2>/dev/null)" -- "$word"))
            case "${COMPREPLY[*]}" in *=) compopt -o nospace ;; esac
        }
        complete -o default -F _ablation ablation
        """;

    private const string Zsh = """
        # eval "$(ablation completion zsh)"
        _ablation() {
            local line="${BUFFER#* }"
            local -a found
            found=("${(@f)$(ablation "[suggest:$((CURSOR - ${#BUFFER} + ${#line}))]" "$line" 2>/dev/null)}")
            found=(${found:#})
            if (( ${#found} )); then compadd -a found; else _files; fi
        }
        compdef _ablation ablation
        """;

    private const string Fish = """
        # ablation completion fish | source
        function __ablation_suggest
            set -l line (string replace -r '^\S+\s+' '' -- (commandline -cp))
            ablation "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete -c ablation -a '(__ablation_suggest)'
        """;

    private const string PowerShell = """
        # ablation completion powershell | Out-String | Invoke-Expression
        Register-ArgumentCompleter -Native -CommandName ablation -ScriptBlock {
            param($word, $ast, $cursor)
            $text = $ast.ToString()
            $line = $text -replace '^\S+\s*', ''
            $at = [Math]::Max(0, $cursor - $ast.Extent.StartOffset - ($text.Length - $line.Length))
            ablation "[suggest:$at]" $line.PadRight($at) | Where-Object { $_ } | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
            }
        }
        """;

    private static readonly Dictionary<string, string> Scripts = new()
    {
        ["bash"] = Bash,
        ["zsh"] = Zsh,
        ["fish"] = Fish,
        ["powershell"] = PowerShell,
    };

    public Command Build()
    {
        var shell = new Argument<string>("shell") { Description = string.Join(", ", Scripts.Keys) };
        shell.AcceptOnlyFromAmong([.. Scripts.Keys]);
        var command = new Command("completion", "prints a script for a shell, whose Tab key then completes commands, suites and trials")
        {
            shell,
        };
        command.SetAction(parsed =>
        {
            Console.WriteLine(Scripts[parsed.GetRequiredValue(shell)].ReplaceLineEndings("\n"));
            return 0;
        });
        return command;
    }
}
