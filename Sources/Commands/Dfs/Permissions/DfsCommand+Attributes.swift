import Foundation
import HoneyCore
import HoneyFiles

extension DfsCommand {
    static var attributes: [DfsCommand] {
        [
            DfsCommand(
                "getfattr", "[-R] {-n name | -d} [-e en] <path>",
                """
                Shows attributes of a file or directory.

                  -n  The one of that name.
                  -d  All.
                  -e  How values are shown: text in quotes, hex after 0x, base64 after 0s.
                  -R  Of all that is below, too.
                """
            ) { try $0.showAttributes() },
            DfsCommand(
                "setfattr", "{-n name [-v value] | -x name} <path>",
                """
                Sets or removes an attribute of a file or directory.

                  -n  The name, such as user.origin.
                  -v  The value: text, in quotes or not, hexadecimal digits after 0x, or base64 after 0s.
                  -x  Removes the attribute of that name.
                """
            ) { try $0.setAttribute() },
        ]
    }
}

extension DfsRun {
    private func requirePath() throws {
        if arguments.isEmpty { throw DfsUsageError("<path> is missing.") }
        if arguments.count > 1 { throw DfsUsageError("Too many arguments.") }
    }

    fileprivate func showAttributes() throws {
        let name = try takeOption("-n")
        let written = try takeOption("-e") ?? "text"
        guard let encoding = AttributeEncoding(rawValue: written.lowercased()) else {
            throw DfsUsageError("Invalid/unsupported encoding option specified: \(written)")
        }
        let options = try options("d R", 0)
        if options["d"] == nil, name == nil { throw DfsUsageError("Must specify '-n name' or '-d' option.") }
        try requirePath()
        try process(recursively: options["R"] != nil) { item in
            try print("# file: \(item.text)")
            let attributes = try item.administered.extendedAttributes(item.location)
            if options["d"] != nil {
                for attribute in attributes { try print(encoding.line(attribute.name, attribute.value)) }
            } else if let name {
                guard let found = attributes.first(where: { $0.name == name }) else {
                    throw DfsFailure("At least one of the attributes provided was not found.")
                }
                try print(encoding.line(name, found.value))
            }
        }
    }

    fileprivate func setAttribute() throws {
        let name = try takeOption("-n")
        let value = try takeOption("-v").map(AttributeEncoding.value)
        let removed = try takeOption("-x")
        if name != nil, removed != nil {
            throw DfsUsageError("Can not specify both '-n name' and '-x name' option.")
        }
        if name == nil, removed == nil { throw DfsUsageError("Must specify '-n name' or '-x name' option.") }
        try requirePath()
        try process { item in
            if let name {
                try item.administered.setExtendedAttribute(item.location, name: name, value: value ?? [])
            } else if let removed {
                try item.administered.removeExtendedAttribute(item.location, name: removed)
            }
        }
    }
}

/// How the values of attributes are written.
private enum AttributeEncoding: String {
    case text, hex, base64

    func line(_ name: String, _ value: [UInt8]) -> String {
        if value.isEmpty { return name }
        return switch self {
        case .text: "\(name)=\"\(String(decoding: value, as: UTF8.self))\""
        case .hex: "\(name)=0x\(Hexadecimal.text(of: value))"
        case .base64: "\(name)=0s\(Data(value).base64EncodedString())"
        }
    }

    static func value(_ text: String) throws -> [UInt8] {
        guard text.utf8.count >= 2 else { return Array(text.utf8) }
        let rest = text.dropFirst(2)
        if text.hasPrefix("\""), text.hasSuffix("\"") { return Array(text.dropFirst().dropLast().utf8) }
        switch text.prefix(2).lowercased() {
        case "0x":
            guard let bytes = Hexadecimal.bytes(of: rest) else {
                throw DfsFailure("Illegal hexadecimal value: \(text)")
            }
            return bytes
        case "0s":
            guard let data = Data(base64Encoded: String(rest)) else {
                throw DfsFailure("Illegal base64 value: \(text)")
            }
            return Array(data)
        default: return Array(text.utf8)
        }
    }
}
