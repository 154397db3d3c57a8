import HoneyCore

/// Reads JSON by recursive descent.
///
/// Every reader of a split reads its file's schema; Foundation's decoders take a millisecond for what takes this microseconds.
struct JSONParser {
    private static let maximumDepth = 512

    private let bytes: UnsafeBufferPointer<UInt8>
    private var index = 0
    private var depth = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// Reads the one value that the text is.
    mutating func readAll() throws -> JSONValue {
        let value = try readValue()
        guard next == nil else { throw unexpected() }
        return value
    }

    /// The next byte that is no space.
    private var next: UInt8? {
        mutating get {
            while index < bytes.count {
                let byte = bytes[index]
                guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
                index += 1
            }
            return nil
        }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    private func unexpected() -> HoneyError {
        index < bytes.count
            ? HoneyError.invalidSchema("JSON is wrong at byte \(index)") : HoneyError.invalidSchema("JSON is cut short")
    }

    private mutating func readValue() throws -> JSONValue {
        guard depth < JSONParser.maximumDepth else { throw HoneyError.invalidSchema("JSON is nested too deeply") }
        depth += 1
        defer { depth -= 1 }
        switch next {
        case UInt8(ascii: "{"): return try readObject()
        case UInt8(ascii: "["): return try readList()
        case UInt8(ascii: "\""): return .text(try readString())
        default: return try readWord()
        }
    }

    private mutating func readObject() throws -> JSONValue {
        index += 1
        var members: [String: JSONValue] = [:]
        if take("}") { return .object(members) }
        repeat {
            guard next == UInt8(ascii: "\"") else { throw unexpected() }
            let name = try readString()
            guard take(":") else { throw unexpected() }
            members[name] = try readValue()
        } while take(",")
        guard take("}") else { throw unexpected() }
        return .object(members)
    }

    private mutating func readList() throws -> JSONValue {
        index += 1
        var elements: [JSONValue] = []
        if take("]") { return .list(elements) }
        repeat { elements.append(try readValue()) } while take(",")
        guard take("]") else { throw unexpected() }
        return .list(elements)
    }

    /// Reads a number, or one of JSON's three words.
    private mutating func readWord() throws -> JSONValue {
        let start = index
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "E"),
                UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
                index += 1
                continue
            default: break
            }
            break
        }
        let word = UnsafeBufferPointer(rebasing: bytes[start..<index])
        switch String(decoding: word, as: UTF8.self) {
        case "null": return .null
        case "true": return .boolean(true)
        case "false": return .boolean(false)
        case let text:
            if let integer = Int64(text) { return .integer(integer) }
            if let first = text.utf8.first, first < 0x3A, let real = Double(text) { return .real(real) }
            index = start
            throw unexpected()
        }
    }

    private mutating func readString() throws -> String {
        index += 1
        var start = index
        // Escapes are rare: what has none is taken in one piece.
        var units: [UInt8] = []
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") {
                let rest = bytes[start..<index]
                index += 1
                if units.isEmpty { return String(decoding: rest, as: UTF8.self) }
                return String(decoding: units + rest, as: UTF8.self)
            }
            index += 1
            if byte == UInt8(ascii: "\\") {
                units += bytes[start..<(index - 1)]
                try readEscape(into: &units)
                start = index
            }
        }
        throw unexpected()
    }

    private mutating func readEscape(into units: inout [UInt8]) throws {
        guard index < bytes.count else { throw unexpected() }
        let byte = bytes[index]
        index += 1
        switch byte {
        case UInt8(ascii: "n"): units.append(0x0A)
        case UInt8(ascii: "r"): units.append(0x0D)
        case UInt8(ascii: "t"): units.append(0x09)
        case UInt8(ascii: "b"): units.append(0x08)
        case UInt8(ascii: "f"): units.append(0x0C)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): units.append(byte)
        case UInt8(ascii: "u"):
            let high = try readUnit()
            var pair = [high]
            // Characters beyond 16 bits take two escapes.
            if UTF16.isLeadSurrogate(high), index + 1 < bytes.count, bytes[index] == UInt8(ascii: "\\"),
                bytes[index + 1] == UInt8(ascii: "u")
            {
                index += 2
                pair.append(try readUnit())
            }
            units += Array(String(decoding: pair, as: UTF16.self).utf8)
        default: throw unexpected()
        }
    }

    private mutating func readUnit() throws -> UInt16 {
        guard index + 4 <= bytes.count,
            let unit = UInt16(String(decoding: bytes[index..<index + 4], as: UTF8.self), radix: 16)
        else { throw unexpected() }
        index += 4
        return unit
    }
}
