import Foundation
import HoneyCatalog
import HoneyCore

/// The regular expression of `input.regex`, which must match lines from end to end; ICU's syntax, which is Java's but for
/// rare corners.
final class LinePattern {
    private let expression: NSRegularExpression
    /// For each UTF-16 unit of the line looked at, where its character starts; used for lines that are not ASCII.
    private var offsets: [Int32] = []
    private var units: [UInt16] = []

    /// Fails with `INVALID_PROPERTY` when there is none, with `BAD_PATTERN` when it is not a regular expression.
    init(_ serde: SerDeInfo) throws {
        guard let pattern = serde.properties["input.regex"] else {
            throw HoneyError(.data, "INVALID_PROPERTY", "table with RegexSerDe lacks the SerDe property input.regex")
        }
        var options: NSRegularExpression.Options = [.dotMatchesLineSeparators]
        if serde.properties["input.regex.case.insensitive"]?.lowercased() == "true" { options.insert(.caseInsensitive) }
        // Alternatives and lazy parts must be tried until one reaches the line's end. A pattern with comments may end in one.
        let ending = pattern.contains("(?x") ? "\n)\\z" : ")\\z"
        guard (try? NSRegularExpression(pattern: pattern, options: options)) != nil,
            let expression = try? NSRegularExpression(pattern: "(?:" + pattern + ending, options: options)
        else { throw HoneyError(.data, "BAD_PATTERN", "input.regex is not a regular expression: '\(pattern)'") }
        self.expression = expression
    }

    var groupCount: Int { expression.numberOfCaptureGroups }

    /// Calls `found` with the position in `groups` and the bytes of each of those (0 is the first) that took part; returns
    /// whether the line matches.
    func match(
        _ line: UnsafeBufferPointer<UInt8>, groups: [Int], found: (_ position: Int, _ range: Range<Int>) -> Void
    ) -> Bool {
        let isASCII = line.allSatisfy { $0 < 0x80 }
        if !isASCII { decode(line) }
        let text = isASCII ? String(decoding: line, as: UTF8.self) : String(decoding: units, as: UTF16.self)
        let whole = NSRange(location: 0, length: isASCII ? line.count : units.count)
        guard let match = expression.firstMatch(in: text, options: [.anchored], range: whole) else { return false }
        for (position, group) in groups.enumerated() where group < match.numberOfRanges - 1 {
            let range = match.range(at: group + 1)
            guard range.location != NSNotFound else { continue }
            let end = range.location + range.length
            found(position, isASCII ? range.location..<end : Int(offsets[range.location])..<Int(offsets[end]))
        }
        return true
    }

    /// Decodes UTF-8 into `units` and `offsets`; a byte that belongs to no character counts as one.
    private func decode(_ line: UnsafeBufferPointer<UInt8>) {
        units.removeAll(keepingCapacity: true)
        offsets.removeAll(keepingCapacity: true)
        var index = 0
        while index < line.count {
            let (scalar, length) = Self.character(line, at: index)
            for unit in UTF16.encode(scalar) ?? UTF16.encodedReplacementCharacter {
                units.append(unit)
                offsets.append(Int32(truncatingIfNeeded: index))
            }
            index += length
        }
        offsets.append(Int32(truncatingIfNeeded: index))
    }

    private static func character(_ line: UnsafeBufferPointer<UInt8>, at index: Int) -> (Unicode.Scalar, length: Int) {
        let first = line[index]
        let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        let least: UInt32 = [0, 0, 0x80, 0x800, 0x10000][length]
        guard length > 1 else { return (Unicode.Scalar(first), 1) }
        guard (0xC2...0xF4).contains(first), index + length <= line.count else { return ("\u{FFFD}", 1) }
        var value = UInt32(first) & (0x7F >> UInt32(length))
        for offset in 1..<length {
            guard line[index + offset] & 0xC0 == 0x80 else { return ("\u{FFFD}", 1) }
            value = value << 6 | UInt32(line[index + offset] & 0x3F)
        }
        guard value >= least, let scalar = Unicode.Scalar(value) else { return ("\u{FFFD}", 1) }
        return (scalar, length)
    }
}
