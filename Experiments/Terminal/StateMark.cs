namespace Ablation.Experiments.Terminal;

/// <summary>The state of a trial, as a row begins with it.</summary>
public enum StateMark
{
    Done,
    Running,
    Waiting,
    Paused,
    Failed,
    Diverged,
}

/// <summary>Marks and bars, in symbols or in ASCII.</summary>
public static class StateMarks
{
    /// <summary>Returns the first cell of a row: four columns with symbols, five without.</summary>
    public static string Text(StateMark mark, bool hasSymbols) => (mark, hasSymbols) switch
    {
        (StateMark.Done, true) => " ✓  ",
        (StateMark.Running, true) => " ▶  ",
        (StateMark.Waiting, true) => " ·  ",
        (StateMark.Paused, true) => " ‖  ",
        (StateMark.Failed, true) => " ✗  ",
        (StateMark.Diverged, true) => " !  ",
        (StateMark.Done, false) => "ok   ",
        (StateMark.Running, false) => "run  ",
        (StateMark.Waiting, false) => "..   ",
        (StateMark.Paused, false) => "stop ",
        (StateMark.Failed, false) => "FAIL ",
        _ => "DIV  ",
    };

    /// <summary>Returns the colour of a mark.</summary>
    public static string Colour(StateMark mark) => mark switch
    {
        StateMark.Done => Ink.Green,
        StateMark.Running => Ink.Blue,
        StateMark.Failed => Ink.Red,
        StateMark.Diverged => Ink.Amber,
        _ => Ink.Grey,
    };

    /// <summary>Puts the mark before a row.</summary>
    public static string Before(string row, StateMark mark, TerminalLook look) =>
        Ink.Of(Text(mark, look.HasSymbols), Colour(mark), look.HasColour) + row;

    /// <summary>Puts the mark before a text that may take several lines.</summary>
    public static IEnumerable<string> Wrapped(string text, StateMark mark, TerminalLook look)
    {
        var blanks = new string(' ', Text(mark, look.HasSymbols).Length);
        return Fit.Wrap(blanks + text, look.Width, blanks.Length)
            .Select((line, i) => i > 0 ? line : Before(line[blanks.Length..], mark, look));
    }

    /// <summary>Returns a bar of this many columns.</summary>
    /// <param name="share">0 to 1.</param>
    public static string Bar(double share, int width, bool hasSymbols)
    {
        var full = (int)Math.Round(Math.Clamp(share, 0, 1) * width);
        return new string(hasSymbols ? '█' : '#', full) + new string(hasSymbols ? '░' : '-', width - full);
    }
}
