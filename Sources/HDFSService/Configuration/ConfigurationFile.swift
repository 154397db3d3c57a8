import HoneyCore

/// Reads a file of Hadoop's configuration: the part of XML it is made of, with the line of each mistake.
struct ConfigurationFile {
    enum Part: Hashable {
        case property(name: String, value: String, isFinal: Bool)
        case include(String)
    }

    static func parts(of bytes: [UInt8], path: String) throws(HoneyError) -> [Part] {
        var file = ConfigurationFile(path: path, bytes: bytes)
        return try file.readAll()
    }

    private let path: String
    private let bytes: [UInt8]
    private var place = 0
    private var parts: [Part] = []
    /// Names of the elements that are open, outermost first.
    private var open: [String] = []
    private var text = ""
    private var property = Property()

    fileprivate struct Property {
        var name: String?
        var value: String?
        var isFinal = false
    }

    private init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
    }

    private mutating func readAll() throws(HoneyError) -> [Part] {
        var hasRoot = false
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { place = 3 }
        while place < bytes.count {
            if bytes[place] != UInt8(ascii: "<") {
                text += try readText(upTo: "<")
            } else if skip("<!--") {
                _ = try read(upTo: "-->", "comment")
            } else if skip("<![CDATA[") {
                text += try read(upTo: "]]>", "CDATA section")
            } else if skip("<?") {
                _ = try read(upTo: "?>", "instruction")
            } else if skip("<!") {
                let declaration = try read(upTo: ">", "declaration")
                guard !declaration.contains("[") else { throw invalid("entities cannot be declared") }
            } else if skip("</") {
                try close(try read(upTo: ">", "end of an element").trimmed)
            } else {
                place += 1
                if open.isEmpty, hasRoot { throw invalid("there is something after </configuration>") }
                hasRoot = true
                try begin(try read(upTo: ">", "element"))
            }
        }
        if let last = open.last { throw invalid("element does not end: \(last)") }
        guard hasRoot else { throw invalid("there is no <configuration>") }
        return parts
    }

    private mutating func begin(_ inside: String) throws(HoneyError) {
        let isEmpty = inside.hasSuffix("/")
        let content = isEmpty ? String(inside.dropLast()) : inside
        let name = String(content.prefix { !$0.isWhitespace })
        guard !name.isEmpty else { throw invalid("element has no name") }
        if open.isEmpty, name != "configuration" { throw invalid("expected <configuration> but found <\(name)>") }
        switch name {
        case "property": property = Property(attributes: attributes(of: content))
        case "xi:include":
            guard let file = attributes(of: content)["href"] else { throw invalid("xi:include has no href") }
            parts.append(.include(file))
        default: break
        }
        text = ""
        open.append(name)
        if isEmpty { try close(name) }
    }

    private mutating func close(_ name: String) throws(HoneyError) {
        guard open.popLast() == name else { throw invalid("</\(name)> ends no element") }
        if name == "property" {
            guard let key = property.name, !key.isEmpty else { throw invalid("property has no name") }
            if let value = property.value {
                parts.append(.property(name: key, value: value, isFinal: property.isFinal))
            }
        } else if open.last == "property" {
            switch name {
            case "name": property.name = text.trimmed
            case "value": property.value = text
            case "final": property.isFinal = text.trimmed == "true"
            default: break
            }
        }
        text = ""
    }

    private func attributes(of content: String) -> [String: String] {
        var found: [String: String] = [:]
        var rest = content[...].drop { !$0.isWhitespace }
        while let equals = rest.firstIndex(of: "=") {
            let name = String(rest[..<equals]).trimmed
            rest = rest[rest.index(after: equals)...].drop { $0.isWhitespace }
            guard let quote = rest.first, quote == "\"" || quote == "'" else { break }
            rest = rest.dropFirst()
            let end = rest.firstIndex(of: quote) ?? rest.endIndex
            found[name] = String(rest[..<end])
            rest = rest[end...].dropFirst()
        }
        return found
    }

    // MARK: Bytes

    private mutating func skip(_ mark: StaticString) -> Bool {
        let isHere = mark.withUTF8Buffer { bytes[place...].starts(with: $0) }
        if isHere { place += mark.utf8CodeUnitCount }
        return isHere
    }

    private mutating func read(upTo mark: String, _ what: String) throws(HoneyError) -> String {
        let marks = Array(mark.utf8)
        let start = place
        while place < bytes.count {
            if bytes[place...].starts(with: marks) {
                defer { place += marks.count }
                return String(decoding: bytes[start..<place], as: UTF8.self)
            }
            place += 1
        }
        place = start
        throw invalid("\(what) does not end")
    }

    private mutating func readText(upTo mark: Unicode.Scalar) throws(HoneyError) -> String {
        let start = place
        while place < bytes.count, bytes[place] != UInt8(ascii: mark) { place += 1 }
        let raw = String(decoding: bytes[start..<place], as: UTF8.self)
        guard raw.contains("&") else { return raw }
        var result = ""
        var rest = raw[...]
        while let ampersand = rest.firstIndex(of: "&") {
            result += rest[..<ampersand]
            rest = rest[ampersand...].dropFirst()
            guard let end = rest.firstIndex(of: ";"), let character = Self.character(rest[..<end]) else {
                throw invalid("'&' begins no known character")
            }
            result.append(character)
            rest = rest[end...].dropFirst()
        }
        return result + rest
    }

    private static func character(_ name: Substring) -> Character? {
        switch name {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        default:
            guard name.hasPrefix("#") else { return nil }
            let isHex = name.hasPrefix("#x")
            return UInt32(name.dropFirst(isHex ? 2 : 1), radix: isHex ? 16 : 10).flatMap(Unicode.Scalar.init)
                .map(Character.init)
        }
    }

    private func invalid(_ message: String) -> HoneyError {
        let line = 1 + bytes[..<min(place, bytes.count)].count { $0 == UInt8(ascii: "\n") }
        return HoneyError(.environment, "INVALID_CONFIGURATION", "\(path):\(line): \(message)")
    }
}

extension ConfigurationFile.Property {
    /// Hadoop allows `<property name="…" value="…"/>` as well.
    fileprivate init(attributes: [String: String]) {
        name = attributes["name"]
        value = attributes["value"]
        isFinal = attributes["final"] == "true"
    }
}

extension String {
    /// The text without blanks at its ends.
    var trimmed: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
