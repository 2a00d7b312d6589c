namespace Ablation.Harness.Native;

/// <summary>An NVIDIA GPU as its driver describes it.</summary>
/// <param name="Name">"NVIDIA H100 80GB HBM3".</param>
/// <param name="Driver">Version of the driver.</param>
/// <param name="Uuid">"GPU-...": distinguishes cards of one model.</param>
public sealed record GraphicsCard(string Name, string Driver, string Uuid)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20); // a driver that no process holds open starts first
    private static readonly Lazy<string?> Listing = new(() =>
        ToolOutput.Run("nvidia-smi", ["--query-gpu=index,name,driver_version,uuid", "--format=csv,noheader"], Timeout));

    /// <summary>
    /// Returns the card behind CUDA device <paramref name="index"/> of this process; null if nvidia-smi is missing, does not answer, or
    /// leaves open which card it is.
    /// </summary>
    public static GraphicsCard? Query(int index) => Listing.Value is { } table
        ? Choose(table, index, Environment.GetEnvironmentVariable("CUDA_VISIBLE_DEVICES"),
            Environment.GetEnvironmentVariable("CUDA_DEVICE_ORDER"))
        : null;

    /// <param name="table">Output of nvidia-smi: index, name, driver and uuid, one card per line.</param>
    /// <param name="index">As CUDA counts, among the visible ones.</param>
    /// <param name="visible">CUDA_VISIBLE_DEVICES: numbers or the beginnings of uuids; null for all.</param>
    /// <param name="order">CUDA_DEVICE_ORDER. Without PCI_BUS_ID CUDA lists the fastest card first, so numbers mean nothing where
    /// models differ.</param>
    public static GraphicsCard? Choose(string table, int index, string? visible, string? order)
    {
        var cards = table.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(',', StringSplitOptions.TrimEntries))
            .Where(cells => cells.Length == 4)
            .Select(cells => (Number: cells[0], Card: new GraphicsCard(cells[1], cells[2], cells[3]))).ToList();
        if (cards.Count == 1) return cards[0].Card; // or a part of it
        var wanted = index.ToString();
        if (visible is { Length: > 0 })
        {
            var names = visible.Split(',', StringSplitOptions.TrimEntries);
            if (index >= names.Length) return null;
            wanted = names[index];
        }

        if (wanted.StartsWith("GPU-", StringComparison.Ordinal))
            return cards.Find(card => card.Card.Uuid.StartsWith(wanted, StringComparison.Ordinal)).Card;
        var alike = cards.Select(card => card.Card.Name).Distinct().Count() == 1;
        return alike || order == "PCI_BUS_ID" ? cards.Find(card => card.Number == wanted).Card : null;
    }
}
