import Foundation
import HoneyCore

/// A compiled Java-style regular expression; patterns that are plain text are searched for as bytes.
struct RegularExpression {
    private enum Form {
        /// Never matches: Hive's empty pattern.
        case nothing
        case infix([UInt8])
        case prefix([UInt8])
        case expression(NSRegularExpression)
    }

    private let form: Form

    /// Compiles a pattern, or fails with a `semantic` error.
    init(_ pattern: String) throws {
        let special: Set<Character> = ["\\", "^", "$", ".", "|", "?", "*", "+", "(", ")", "[", "]", "{", "}"]
        if pattern.isEmpty {
            form = .nothing
        } else if !pattern.contains(where: { special.contains($0) }) {
            form = .infix(Array(pattern.utf8))
        } else if pattern.first == "^", !pattern.dropFirst().contains(where: { special.contains($0) }) {
            form = .prefix(Array(pattern.utf8.dropFirst()))
        } else {
            do {
                form = .expression(try NSRegularExpression(pattern: pattern))
            } catch {
                throw HoneyError(.semantic, "BAD_PATTERN", "not a regular expression: \(pattern)")
            }
        }
    }

    /// Tells whether the expression matches anywhere in the text.
    func isFound(in text: UnsafeBufferPointer<UInt8>) -> Bool {
        switch form {
        case .nothing: return false
        case .infix(let bytes): return LikePattern.find(bytes, in: text, 0, text.count) != nil
        case .prefix(let bytes): return text.count >= bytes.count && text.prefix(bytes.count).elementsEqual(bytes)
        case .expression(let expression):
            let string = String(decoding: text, as: UTF8.self)
            let range = NSRange(location: 0, length: string.utf16.count)
            return expression.firstMatch(in: string, range: range) != nil
        }
    }
}
