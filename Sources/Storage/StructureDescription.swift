import HoneyCore

/// What a file is made of, as a tree to be printed as text or JSON.
public indirect enum StructureDescription: Sendable, Equatable {
    case text(String)
    case integer(Int)
    case real(Double)
    case boolean(Bool)
    case list([StructureDescription])
    /// Named parts, in the order to show them; names are lower-case words joined by `_`, units last (`size_bytes`).
    case record([(name: String, value: StructureDescription)])

    public static func == (a: StructureDescription, b: StructureDescription) -> Bool {
        switch (a, b) {
        case (.text(let a), .text(let b)): a == b
        case (.integer(let a), .integer(let b)): a == b
        case (.real(let a), .real(let b)): a == b
        case (.boolean(let a), .boolean(let b)): a == b
        case (.list(let a), .list(let b)): a == b
        case (.record(let a), .record(let b)): a.elementsEqual(b) { $0.name == $1.name && $0.value == $1.value }
        default: false
        }
    }
}
