// HDFSService lets the machines of HDFS run as daemons: it reads Hadoop's configuration, opens ports and directories, serves HTTP (WebHDFS,
// status pages, `fsck`), and does what administrators ask. It is the client of WebHDFS as well. In come settings, requests and signals, out go
// running daemons and answers; it knows no table and no query, and nothing of HDFS depends on it.
//
// `Configuration/` settings, `Calls/` RPC to NameNodes, `Daemons/` what runs, `HTTP/` the server, `WebHDFS/` its operations and the client,
// `Status/` pages for people, `Administration/` `dfsadmin`, `fsck`, `haadmin` and `balancer`.

import Foundation
import HoneyCore

/// Settings by Hadoop's names, read from `core-site.xml` and `hdfs-site.xml`.
package struct HadoopConfiguration: Sendable {
    private var values: [String: String] = [:]
    /// Names that files may not change any more.
    private var finals: Set<String> = []
    private let environment: [String: String]

    /// Makes one without any settings; `environment` serves `${env.NAME}`.
    package init(environment: [String: String] = ProcessInfo.processInfo.environment) { self.environment = environment }

    /// Reads files and directories, of which `core-site.xml` and `hdfs-site.xml` are taken, then settings such as `dfs.replication=1`.
    package init(
        paths: [String], settings: [String] = [],
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws {
        self.init(environment: environment)
        for path in paths { try read(path) }
        for setting in settings {
            guard let equals = setting.firstIndex(of: "="), equals != setting.startIndex else {
                throw HoneyError(.environment, "INVALID_SETTING", "expected name=value but found: \(setting)")
            }
            values[String(setting[..<equals])] = String(setting[setting.index(after: equals)...])
        }
    }

    private mutating func read(_ path: String) throws {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw HoneyError(
                .environment, "FILE_NOT_FOUND", "no such configuration", file: FilePosition(path))
        }
        guard isDirectory.boolValue else { return try readFile(path) }
        let files = ["core-site.xml", "hdfs-site.xml"].map { path + "/" + $0 }.filter {
            FileManager.default.fileExists(atPath: $0)
        }
        guard !files.isEmpty else {
            throw HoneyError(
                .environment, "FILE_NOT_FOUND", "directory holds neither core-site.xml nor hdfs-site.xml",
                file: FilePosition(path))
        }
        for file in files { try readFile(file) }
    }

    private mutating func readFile(_ path: String, depth: Int = 0) throws {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw HoneyError(.environment, "IO_ERROR", "cannot read configuration", file: FilePosition(path))
        }
        guard depth < 10 else {
            throw HoneyError(.environment, "INVALID_SETTING", "files include one another", file: FilePosition(path))
        }
        for part in try ConfigurationFile.parts(of: [UInt8](bytes), path: path) {
            switch part {
            case .include(let file):
                let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
                try readFile(file.hasPrefix("/") ? file : folder + file, depth: depth + 1)
            case .property(let name, let value, let isFinal):
                guard !finals.contains(name) else { continue }
                values[name] = value
                if isFinal { finals.insert(name) }
            }
        }
    }

    /// Sets a value, as `-D` does; final ones too.
    package mutating func set(_ name: String, to value: String) { values[name] = value }

    /// Tells a value with what `${name}` in it stands for; nil when it is not set.
    package subscript(name: String) -> String? { values[name].map { expanded($0) } }

    /// All settings, expanded.
    package var properties: [String: String] { values.mapValues { expanded($0) } }

    /// Replaces `${name}`, `${env.NAME}` and `${env.NAME:-default}`, from the inside out; what is not known stays.
    private func expanded(_ text: String) -> String {
        var text = text
        var unknown: Set<String> = []
        for _ in 0..<20 {
            guard let (range, name) = Self.innermostVariable(in: text, not: unknown) else { return text }
            if let value = variable(name) {
                text.replaceSubrange(range, with: value)
            } else {
                unknown.insert(name)
            }
        }
        return text
    }

    private static func innermostVariable(
        in text: String, not unknown: Set<String>
    ) -> (Range<String.Index>, String)? {
        var start = text.startIndex
        while let close = text[start...].firstIndex(of: "}") {
            if let open = text[..<close].range(of: "${", options: .backwards) {
                let name = String(text[open.upperBound..<close])
                if !unknown.contains(name), !name.contains("}") {
                    return (open.lowerBound..<text.index(after: close), name)
                }
            }
            start = text.index(after: close)
        }
        return nil
    }

    private func variable(_ name: String) -> String? {
        if name.hasPrefix("env.") {
            let rest = name.dropFirst(4)
            if let separator = rest.range(of: ":-") {
                let value = environment[String(rest[..<separator.lowerBound])] ?? ""
                return value.isEmpty ? String(rest[separator.upperBound...]) : value
            }
            return environment[String(rest)]
        }
        switch name {
        case "user.name": return SystemUsers.currentName
        case "user.home": return environment["HOME"]
        case "java.io.tmpdir": return "/tmp"
        default: return values[name]
        }
    }
}
