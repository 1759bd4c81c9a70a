using System.CommandLine;
using Gateway.Host.Configuration;

namespace Gateway.Host.Commands;

/// <summary><c>gateway completion</c>: a script that has a shell ask the gateway's own parser what may come next.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        _gateway() {
            local IFS=$'\n'
            COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _gateway gateway
        """;

    private const string Zsh = """
        #compdef gateway
        _gateway() {
            local -a words_found
            words_found=("${(@f)$("${words[1]}" "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
            compadd -- $words_found
        }
        compdef _gateway gateway
        """;

    /// <summary>Asks what may stand at a place of a line; System.CommandLine answers it.</summary>
    public const string SuggestDirective = "[suggest";

    public static Command Make(CommandConsole console)
    {
        var shell = new Argument<string>("shell") { Description = "bash or zsh." };
        shell.AcceptOnlyFromAmong("bash", "zsh");
        var command = new Command("completion", "Prints a script that completes the operators' commands: eval \"$(gateway completion bash)\".") { shell };
        command.SetAction(parsed =>
        {
            console.Out.WriteLine((parsed.GetValue(shell) == "zsh" ? Zsh : Bash).ReplaceLineEndings("\n"));
            return ExitCode.Success;
        });
        return command;
    }
}
