import Foundation
import HoneyHDFS
import HummingbirdCore

/// The parameters of a request's query; names are the same in either case.
struct RequestParameters: Sendable {
    private var values: [String: [String]] = [:]
    /// As they came, for who passes them on.
    private(set) var all: [(name: String, value: String)] = []

    init(_ query: String) {
        for pair in query.split(separator: "&") {
            let equals = pair.firstIndex(of: "=") ?? pair.endIndex
            let name = Self.decoded(pair[..<equals])
            let value = Self.decoded(pair[equals...].dropFirst())
            values[name.lowercased(), default: []].append(value)
            all.append((name, value))
        }
    }

    init(_ request: Request) { self.init(request.uri.query ?? "") }

    private static func decoded(_ text: Substring) -> String {
        let spaced = text.replacing("+", with: " ")
        return spaced.removingPercentEncoding ?? String(spaced)
    }

    /// A value that is there and not empty.
    subscript(name: String) -> String? {
        guard let text = values[name]?.first, !text.isEmpty else { return nil }
        return text
    }

    func values(of name: String) -> [String] { values[name] ?? [] }

    /// Reads a whole number from `least` on.
    func int(_ name: String, from least: Int = 0, radix: Int = 10) throws(RemoteException) -> Int? {
        guard let text = self[name] else { return nil }
        guard let number = Int(text, radix: radix) else {
            throw Self.invalid(name, "Failed to parse \"\(text)\" as a radix-\(radix) integer.")
        }
        guard number >= least else {
            throw Self.invalid(name, "Invalid parameter range: \(name) = \(number) < \(least)")
        }
        return number
    }

    func bool(_ name: String) throws(RemoteException) -> Bool? {
        guard let text = self[name] else { return nil }
        guard let value = Bool(text.lowercased()) else {
            throw Self.invalid(name, "Failed to parse \"\(text)\" to Boolean.")
        }
        return value
    }

    /// A value that must be there.
    func required(_ name: String) throws(RemoteException) -> String {
        guard let value = self[name] else { throw Self.invalid(name, "Required param \(name) is missing") }
        return value
    }

    static func invalid(_ name: String, _ reason: String) -> RemoteException {
        RemoteException(
            "java.lang.IllegalArgumentException", "Invalid value for webhdfs parameter \"\(name)\": \(reason)")
    }
}

extension String {
    /// The text for a place in a query.
    var queryEncoded: String { addingPercentEncoding(withAllowedCharacters: .unreserved) ?? self }

    /// The text for a path, whose slashes stay.
    var pathEncoded: String { addingPercentEncoding(withAllowedCharacters: .unreservedAndSlash) ?? self }
}

extension CharacterSet {
    fileprivate static let unreserved = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
    fileprivate static let unreservedAndSlash = unreserved.union(CharacterSet(charactersIn: "/"))
}
