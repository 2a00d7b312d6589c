namespace Ablation.Harness.Formats;

/// <summary>An attribute of a node: an integer, a number, or integers.</summary>
public sealed record OnnxAttribute
{
    private const int FloatType = 1, IntType = 2, IntsType = 7;

    public OnnxAttribute(string name, long value) => Message = Named(name).Add(3, value).Add(20, IntType);

    public OnnxAttribute(string name, float value) => Message = Named(name).Add(2, value).Add(20, FloatType);

    public OnnxAttribute(string name, IEnumerable<long> values)
    {
        Message = Named(name);
        foreach (var value in values) Message.Add(8, value);
        Message.Add(20, IntsType);
    }

    internal ProtobufMessage Message { get; }

    private static ProtobufMessage Named(string name) => new ProtobufMessage().Add(1, name);
}

/// <summary>An operation of a graph with the names of its inputs and of its one output.</summary>
public sealed record OnnxNode(string Operation, string Name, IReadOnlyList<string> Inputs, string Output,
    IReadOnlyList<OnnxAttribute> Attributes);

/// <summary>Writes a model in ONNX: one float input and one float output whose first dimension is free.</summary>
/// <remarks>
/// Source: onnx.proto of onnx/onnx; the numbers below are its field numbers. Operator set 13, of 2020, has every operation that is written
/// here in its present form, and older runtimes know it.
/// </remarks>
public sealed record OnnxFile(IReadOnlyList<OnnxNode> Nodes, IReadOnlyList<WrittenTensor> Weights,
    IEnumerable<KeyValuePair<string, string>> Facts)
{
    public const string Input = "input", Output = "embedding", Batch = "batch";

    private const int Version = 7, OperatorSet = 13; // the version of the file format that came with the operator set
    private const long Largest = int.MaxValue;       // of a message, in most readers

    /// <summary>Sizes of the input after the first dimension.</summary>
    public required IReadOnlyList<long> InputShape { get; init; }

    /// <summary>Sizes of the output after the first dimension.</summary>
    public required IReadOnlyList<long> OutputShape { get; init; }

    /// <summary>Name and version of the program that writes it.</summary>
    public required (string Name, string Version) Producer { get; init; }

    /// <exception cref="InvalidDataException">The model is larger than 2 GiB, which readers of the format refuse.</exception>
    public void Write(Stream file)
    {
        var model = new ProtobufMessage().Add(1, Version).Add(2, Producer.Name).Add(3, Producer.Version).Add(7, Graph())
            .Add(8, new ProtobufMessage().Add(1, "").Add(2, OperatorSet));
        foreach (var (key, value) in Facts) model.Add(14, new ProtobufMessage().Add(1, key).Add(2, value));
        if (model.Size > Largest)
            throw new InvalidDataException(
                $"the model has {model.Size} bytes, and a file of ONNX holds at most {Largest}; use --format safetensors");
        model.WriteTo(file.Write);
    }

    private ProtobufMessage Graph()
    {
        var graph = new ProtobufMessage();
        foreach (var node in Nodes) graph.Add(1, Node(node));
        graph.Add(2, Producer.Name);
        foreach (var weight in Weights) graph.Add(5, Tensor(weight));
        return graph.Add(11, Value(Input, InputShape)).Add(12, Value(Output, OutputShape));
    }

    private static ProtobufMessage Node(OnnxNode node)
    {
        var message = new ProtobufMessage();
        foreach (var input in node.Inputs) message.Add(1, input);
        message.Add(2, node.Output).Add(3, node.Name).Add(4, node.Operation);
        foreach (var attribute in node.Attributes) message.Add(5, attribute.Message);
        return message;
    }

    private static ProtobufMessage Tensor(WrittenTensor weight)
    {
        const int Float = 1, Int64 = 7;
        var message = new ProtobufMessage();
        foreach (var size in weight.Shape) message.Add(1, size);
        return message.Add(2, weight.Kind == WrittenKind.Int64 ? Int64 : Float).Add(8, weight.Name).Add(9, weight.Bytes, weight.WriteTo);
    }

    private static ProtobufMessage Value(string name, IReadOnlyList<long> sizes)
    {
        var shape = new ProtobufMessage().Add(1, new ProtobufMessage().Add(2, Batch));
        foreach (var size in sizes) shape.Add(1, new ProtobufMessage().Add(1, size));
        var tensor = new ProtobufMessage().Add(1, 1L).Add(2, shape); // 1: float
        return new ProtobufMessage().Add(1, name).Add(2, new ProtobufMessage().Add(1, tensor));
    }
}
