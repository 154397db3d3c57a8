import HoneyCore

/// Makes strings of a file fit a type: varchar cuts, char cuts or pads, and string drops the padding of a char.
struct TextLengths {
    private enum Rule {
        case keep
        case cut(Int)
        case pad(Int)
        case strip
    }

    private let rule: Rule
    private var arena = BytesArena()

    init(from kind: ORCType.Kind, to type: DataType) {
        switch (kind, type) {
        case (_, .varchar(let length)): rule = .cut(length)
        case (_, .char(let length)): rule = .pad(length)
        case (.char, .string): rule = .strip
        default: rule = .keep
        }
    }

    /// Tells whether strings are taken as they are.
    var keepsAll: Bool { if case .keep = rule { true } else { false } }

    /// What keeps padded strings alive.
    var owners: [AnyObject] { arena.blocks }

    /// Forgets the strings padded so far.
    mutating func restart() { arena = BytesArena() }

    /// Changes strings in place.
    mutating func fit(_ views: UnsafeMutablePointer<BytesView>, count: Int) {
        switch rule {
        case .keep: break
        case .strip:
            for index in 0..<count { TextLengths.strip(views + index) }
        case .cut(let length):
            // So many bytes have no more characters.
            for index in 0..<count where views[index].count > length { TextLengths.cut(views + index, length) }
        case .pad(let length):
            for index in 0..<count { pad(views + index, length) }
        }
    }

    private static func strip(_ view: UnsafeMutablePointer<BytesView>) {
        let bytes = BytesView.bytes(at: view)
        guard let start = bytes.baseAddress else { return }
        var count = bytes.count
        while count > 0, start[count - 1] == 0x20 { count -= 1 }
        if count < bytes.count { view.pointee = BytesView(start, count: count) }
    }

    private static func cut(_ view: UnsafeMutablePointer<BytesView>, _ length: Int) {
        let bytes = BytesView.bytes(at: view)
        guard let start = bytes.baseAddress else { return }
        let end = prefix(bytes, characters: length).bytes
        if end < bytes.count { view.pointee = BytesView(start, count: end) }
    }

    private mutating func pad(_ view: UnsafeMutablePointer<BytesView>, _ length: Int) {
        let bytes = BytesView.bytes(at: view)
        let (end, characters) = TextLengths.prefix(bytes, characters: length)
        if end < bytes.count, let start = bytes.baseAddress { view.pointee = BytesView(start, count: end) }
        guard characters < length else { return }
        let target = arena.allocate(end + length - characters)
        if let start = BytesView.bytes(at: view).baseAddress { target.update(from: start, count: end) }
        (target + end).update(repeating: 0x20, count: length - characters)
        view.pointee = BytesView(target, count: end + length - characters)
    }

    /// The bytes that the first characters (code points) take, and how many of them there are.
    private static func prefix(
        _ bytes: UnsafeBufferPointer<UInt8>, characters limit: Int
    ) -> (bytes: Int, characters: Int) {
        var characters = 0
        for index in 0..<bytes.count where bytes[index] & 0xC0 != 0x80 {
            if characters == limit { return (index, characters) }
            characters += 1
        }
        return (bytes.count, characters)
    }
}
