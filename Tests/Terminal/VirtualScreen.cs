using System.Globalization;
using System.Text;

namespace Ablation.Tests.Terminal;

/// <summary>
/// A terminal that keeps what a program has written: letters, line ends, and the sequences that move the cursor and erase. Colours are
/// ignored; a sequence that it does not know is an error.
/// </summary>
/// <param name="wrapsAgain">Whether a narrower terminal wraps its lines again, as most do, or cuts them, as xterm does.</param>
internal sealed class VirtualScreen(int width, int height = 24, bool wrapsAgain = true)
{
    private readonly List<Row> rows = [new()];
    private int width = width, row, column;
    private bool isFull; // the cursor stands on the last letter of a full row

    /// <summary>Everything that was written, the rows that have scrolled away included, without blanks at the ends.</summary>
    public string Text => string.Join('\n', Lines).TrimEnd('\n') + "\n";

    public IReadOnlyList<string> Lines => [.. rows.Select(one => one.Text.ToString().TrimEnd())];

    /// <summary>Whether a row that the program wrote was too long and went on in the next one.</summary>
    public bool HasWrapped => rows.Exists(one => one.GoesOn);

    public VirtualScreen Write(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '\u001b': at = Sequence(text, at + 1); break;
                case '\r': (column, isFull) = (0, false); break;
                case '\n': Down(); break;
                case '\b': column = Math.Max(0, column - 1); break;
                case '\a': break;
                case var letter: Put(letter); break;
            }
        }

        return this;
    }

    /// <summary>Gives the terminal another width; the cursor stays with its letter.</summary>
    public void Resize(int columns)
    {
        isFull = false;
        if (!wrapsAgain)
        {
            foreach (var one in rows) one.Text.Length = Math.Min(one.Text.Length, columns);
            (width, column) = (columns, Math.Min(column, columns - 1));
            return;
        }

        var (old, cursor, before) = (rows.ToList(), row, 0);
        rows.Clear();
        for (var i = 0; i < old.Count;)
        {
            var line = new StringBuilder();
            var offset = -1;
            for (var goesOn = true; goesOn && i < old.Count; i++)
            {
                if (i == cursor) offset = line.Length + column;
                line.Append(old[i].Text);
                goesOn = old[i].GoesOn;
            }

            before = rows.Count;
            var text = line.ToString().TrimEnd();
            do
            {
                var part = text[..Math.Min(columns, text.Length)];
                text = text[part.Length..];
                rows.Add(new Row { GoesOn = text.Length > 0 });
                rows[^1].Text.Append(part);
            }
            while (text.Length > 0);
            if (offset < 0) continue;
            (row, column) = (before + Math.Min(offset / columns, rows.Count - before - 1), offset % columns);
        }

        width = columns;
    }

    private void Put(char letter)
    {
        if (isFull)
        {
            rows[row].GoesOn = true;
            column = 0;
            Down();
        }

        var text = rows[row].Text;
        if (text.Length <= column) text.Append(' ', column + 1 - text.Length);
        text[column] = letter;
        if (column == width - 1) isFull = true;
        else column++;
    }

    private void Down()
    {
        isFull = false;
        row++;
        if (row == rows.Count) rows.Add(new Row());
    }

    /// <returns>The position of its last letter.</returns>
    private int Sequence(string text, int at)
    {
        if (text[at] is '=' or '>') return at; // the keypad
        Assert.That(text[at], Is.EqualTo('['), "a sequence that this screen does not know");
        var end = at + 1;
        while (!char.IsAsciiLetter(text[end])) end++;
        var given = text[(at + 1)..end];
        if (given.StartsWith('?') || text[end] == 'm') return end; // the cursor's look, synchronised drawing, colours
        var number = given.Length == 0 ? (int?)null : int.Parse(given, CultureInfo.InvariantCulture);
        switch (text[end])
        {
            case 'A': row = Math.Max(Math.Max(0, rows.Count - height), row - (number ?? 1)); break;
            case 'K' when number is null: Erase(rows[row], column); break;
            case 'K' when number == 2: Erase(rows[row], 0); break;
            case 'J' when number is null:
                Erase(rows[row], column);
                rows.RemoveRange(row + 1, rows.Count - row - 1);
                break;
            default: Assert.Fail($"a sequence that this screen does not know: {given}{text[end]}"); break;
        }

        isFull = false;
        return end;
    }

    private static void Erase(Row row, int from)
    {
        row.Text.Length = Math.Min(row.Text.Length, from);
        row.GoesOn = false;
    }

    private sealed class Row
    {
        public StringBuilder Text { get; } = new();

        public bool GoesOn { get; set; }
    }
}
