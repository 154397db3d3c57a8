/// A partition's name, which is its directories below the table: `year=2008/city=New York%2FJFK`.
public enum PartitionName {
    /// Makes the name of the partition with these values, one a key.
    public static func name(keys: [String], values: [String]) -> String {
        zip(keys, values).map { component(key: $0, value: $1) }.joined(separator: "/")
    }

    /// Makes one directory's name; an empty value is null's.
    public static func component(key: String, value: String) -> String {
        escape(key.lowercased()) + "=" + escape(value.isEmpty ? Partition.nullValue : value)
    }

    /// Reads keys and values back; nil when a directory is not of the form `key=value`.
    public static func parse(_ name: String) -> [(key: String, value: String)]? {
        var parts: [(key: String, value: String)] = []
        for directory in name.utf8.split(separator: UInt8(ascii: "/")) {
            guard let equals = directory.firstIndex(of: UInt8(ascii: "=")), equals > directory.startIndex else {
                return nil
            }
            let value = directory[directory.index(after: equals)...]
            parts.append((unescape(String(Substring(directory[..<equals]))), unescape(String(Substring(value)))))
        }
        return parts
    }

    /// Writes characters that would disturb a path as `%` and two hexadecimal digits, as Hive does.
    public static func escape(_ text: String) -> String {
        guard text.utf8.contains(where: isEscaped) else { return text }
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if isEscaped(byte) {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Reverses `escape`; a `%` without two digits stays.
    public static func unescape(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return text }
        let source = Array(text.utf8)
        var bytes: [UInt8] = []
        var index = 0
        while index < source.count {
            if source[index] == UInt8(ascii: "%"), index + 2 < source.count, let high = digit(source[index + 1]),
                let low = digit(source[index + 2])
            {
                bytes.append(high << 4 | low)
                index += 3
            } else {
                bytes.append(source[index])
                index += 1
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static let digits = Array("0123456789ABCDEF".utf8)
    private static let escapedBytes = Set("\"#%'*/:=?\\{[]^".utf8)

    private static func isEscaped(_ byte: UInt8) -> Bool {
        byte >= 1 && byte < 0x20 || byte == 0x7F || escapedBytes.contains(byte)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
