/// A JSON value, numbers as they are written; for expected rows in fixtures.
package enum JSON: Equatable {
    case null
    case boolean(Bool)
    case number(String)
    case string(String)
    case array([JSON])
    /// Members in the order they are written.
    case object([Member])

    package struct Member: Equatable {
        package var name: String
        package var value: JSON
    }

    package init(_ text: some Sequence<UInt8>) throws {
        var parser = JSONParser(bytes: Array(text))
        self = try parser.readValue()
    }

    package subscript(name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }
}

package struct JSONError: Error {
    package var offset: Int
}

private struct JSONParser {
    let bytes: [UInt8]
    var index = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    var next: UInt8? { index < bytes.count ? bytes[index] : nil }

    mutating func skipSpaces() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { index += 1 }
    }

    mutating func take(_ character: Character) -> Bool {
        skipSpaces()
        guard next == character.asciiValue else { return false }
        index += 1
        return true
    }

    mutating func readValue() throws -> JSON {
        skipSpaces()
        switch next {
        case UInt8(ascii: "{"): return try readObject()
        case UInt8(ascii: "["): return try readArray()
        case UInt8(ascii: "\""): return .string(try readString())
        default:
            let start = index
            while let byte = next, !",]} \n\r\t".utf8.contains(byte) { index += 1 }
            switch String(decoding: bytes[start..<index], as: UTF8.self) {
            case "null": return .null
            case "true": return .boolean(true)
            case "false": return .boolean(false)
            case "": throw JSONError(offset: start)
            case let number: return .number(number)
            }
        }
    }

    mutating func readObject() throws -> JSON {
        guard take("{") else { throw JSONError(offset: index) }
        var members: [JSON.Member] = []
        if take("}") { return .object(members) }
        repeat {
            skipSpaces()
            let name = try readString()
            guard take(":") else { throw JSONError(offset: index) }
            members.append(JSON.Member(name: name, value: try readValue()))
        } while take(",")
        guard take("}") else { throw JSONError(offset: index) }
        return .object(members)
    }

    mutating func readArray() throws -> JSON {
        guard take("[") else { throw JSONError(offset: index) }
        var elements: [JSON] = []
        if take("]") { return .array(elements) }
        repeat { elements.append(try readValue()) } while take(",")
        guard take("]") else { throw JSONError(offset: index) }
        return .array(elements)
    }

    mutating func readString() throws -> String {
        guard take("\"") else { throw JSONError(offset: index) }
        var units: [UInt16] = []
        var run = index
        func text(_ range: Range<Int>) -> String.UTF16View { String(decoding: bytes[range], as: UTF8.self).utf16 }
        while let byte = next, byte != UInt8(ascii: "\"") {
            index += 1
            guard byte == UInt8(ascii: "\\") else { continue }
            units += text(run..<(index - 1))
            guard let escaped = next else { throw JSONError(offset: index) }
            index += 1
            switch escaped {
            case UInt8(ascii: "n"): units.append(0x0A)
            case UInt8(ascii: "r"): units.append(0x0D)
            case UInt8(ascii: "t"): units.append(0x09)
            case UInt8(ascii: "b"): units.append(0x08)
            case UInt8(ascii: "f"): units.append(0x0C)
            case UInt8(ascii: "u"):
                guard index + 4 <= bytes.count,
                    let unit = UInt16(String(decoding: bytes[index..<index + 4], as: UTF8.self), radix: 16)
                else { throw JSONError(offset: index) }
                units.append(unit)
                index += 4
            default: units.append(UInt16(escaped))
            }
            run = index
        }
        units += text(run..<index)
        guard take("\"") else { throw JSONError(offset: index) }
        return String(decoding: units, as: UTF16.self)
    }
}
