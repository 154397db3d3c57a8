import Foundation
package import HoneyHDFSMessages
import SwiftProtobuf

/// Extended attributes as text: names with the space before them, values as Hadoop encodes them.
extension WireXAttr {
    private static let spaces: [(name: String, space: XAttrNamespace)] = [
        ("user", .user), ("trusted", .trusted), ("security", .security), ("system", .system), ("raw", .raw),
    ]

    /// Reads a name such as `user.origin`; fails with `IllegalArgumentException`.
    package init(prefixedName text: String) throws(RemoteException) {
        guard let dot = text.firstIndex(of: "."), text.index(after: dot) != text.endIndex else {
            throw .illegalArgument(
                "Invalid XAttr name. An XAttr name must be prefixed with user/trusted/security/system/raw, followed by a '.'"
            )
        }
        let prefix = text[..<dot].lowercased()
        guard let space = Self.spaces.first(where: { $0.name == prefix })?.space else {
            throw .illegalArgument(
                "An XAttr name must be prefixed with user/trusted/security/system/raw, followed by a '.'")
        }
        self.init()
        namespace = space
        name = String(text[text.index(after: dot)...])
    }

    /// Writes the name with its space before it.
    package var prefixedName: String { (Self.spaces.first { $0.space == namespace }?.name ?? "") + "." + name }

    /// Takes a value: `0x…` in hexadecimal, `0s…` in Base64, else the text itself, which may be in quotes.
    package mutating func decode(_ text: String) throws(RemoteException) {
        if text.hasPrefix("0x") || text.hasPrefix("0X") {
            let digits = Array(text.utf8.dropFirst(2))
            var bytes: [UInt8] = []
            for place in stride(from: 0, to: digits.count - 1, by: 2) {
                guard let byte = UInt8(String(decoding: digits[place...place + 1], as: UTF8.self), radix: 16) else {
                    throw .illegalArgument("Invalid value of an XAttr: \(text)")
                }
                bytes.append(byte)
            }
            guard digits.count.isMultiple(of: 2) else { throw .illegalArgument("Invalid value of an XAttr: \(text)") }
            value = Data(bytes)
        } else if text.hasPrefix("0s") || text.hasPrefix("0S") {
            guard let bytes = Data(base64Encoded: String(text.dropFirst(2))) else {
                throw .illegalArgument("Invalid value of an XAttr: \(text)")
            }
            value = bytes
        } else if text.count >= 2, text.hasPrefix("\""), text.hasSuffix("\"") {
            value = Data(text.dropFirst().dropLast().utf8)
        } else {
            value = Data(text.utf8)
        }
    }

    /// Writes the value as `text`, `hex` or `base64`.
    package func encoded(as encoding: String) -> String {
        switch encoding {
        case "text": "\"" + String(decoding: value, as: UTF8.self) + "\""
        case "hex": "0x" + value.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        default: "0s" + value.base64EncodedString()
        }
    }
}
