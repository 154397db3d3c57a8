import Foundation
import HoneyCore
import HoneyPlan

/// Replaces `${hivevar:k}`, `${hiveconf:k}`, `${env:K}`, `${system:k}` and `${k}` in statements, as Hive does; unknown ones stay.
struct VariableSubstitution {
    private let session: Session

    init(session: Session) { self.session = session }

    func applied(to text: String) throws -> String {
        guard text.contains("${"), session.settings["hive.variable.substitute"] != "false" else { return text }
        let depth = session.settings["hive.variable.substitute.depth"].flatMap(Int.init) ?? 40
        var text = text
        for _ in 0..<depth {
            let next = replacedOnce(text)
            if next == text { return text }
            text = next
        }
        throw HoneyError(
            .semantic, "SUBSTITUTION_TOO_DEEP",
            "variables refer to each other more than \(depth) levels deep (hive.variable.substitute.depth)")
    }

    private func replacedOnce(_ text: String) -> String {
        var result = ""
        var rest = Substring(text)
        while let start = rest.range(of: "${"), let end = rest.range(of: "}", range: start.upperBound..<rest.endIndex) {
            result += rest[..<start.lowerBound]
            let name = rest[start.upperBound..<end.lowerBound]
            if let inner = name.range(of: "${", options: .backwards) {
                // The innermost reference first: `${hiveconf:${hivevar:which}}`.
                result += "${" + name[..<inner.lowerBound]
                let innerName = String(name[inner.upperBound...])
                result += value(of: innerName) ?? "${\(innerName)}"
            } else {
                result += value(of: String(name)) ?? "${\(name)}"
            }
            rest = rest[end.upperBound...]
        }
        return result + rest
    }

    /// The value of a variable named with or without its space; nil when it is not set.
    func value(of name: String) -> String? {
        guard let colon = name.firstIndex(of: ":") else { return session.variables[name] }
        let key = String(name[name.index(after: colon)...])
        switch name[..<colon] {
        case "hivevar": return session.variables[key]
        case "hiveconf": return session.settings[key]
        case "env": return ProcessInfo.processInfo.environment[key]
        case "system": return systemProperty(key)
        default: return nil
        }
    }

    private func systemProperty(_ key: String) -> String? {
        switch key {
        case "user.name": session.user
        case "user.home": ProcessInfo.processInfo.environment["HOME"]
        case "user.dir": FileManager.default.currentDirectoryPath
        case "java.io.tmpdir": NSTemporaryDirectory()
        default: nil
        }
    }
}
