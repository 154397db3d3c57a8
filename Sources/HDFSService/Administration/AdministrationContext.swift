import Foundation
import HoneyCore
import HoneyHDFS
import HoneyHDFSMessages
import HoneyWorld
package import NIOCore
import NIOPosix
import SwiftProtobuf

/// Whom administrators' commands ask, as whom, and where their words go.
package struct AdministrationContext: Sendable {
    package let configuration: HadoopConfiguration
    package let user: String
    let calls: RPCCalls
    /// Prints a line that is a result.
    let say: @Sendable (String) -> Void
    /// Prints a line about what went wrong.
    let complain: @Sendable (String) -> Void

    /// Makes one with calls of its own on an event loop; `finish` ends them.
    package init(
        _ configuration: HadoopConfiguration, user: String = SystemUsers.currentName, on eventLoop: any EventLoop,
        say: @escaping @Sendable (String) -> Void, complain: @escaping @Sendable (String) -> Void
    ) {
        self.configuration = configuration
        self.user = user
        self.say = say
        self.complain = complain
        calls = RPCCalls(on: eventLoop)
    }

    package func finish() async { try? await calls.stop().get() }

    /// The name service's NameNodes, of which the active one answers.
    func nameNodes() throws -> NameNodeCalls {
        NameNodeCalls(try configuration.nameNodes().map(\.address), calls)
    }

    /// Finds the active NameNode, or takes the first when none says that it is.
    func activeNameNode() async throws -> (id: String?, address: NetworkAddress) {
        let nodes = try configuration.nameNodes()
        guard nodes.count > 1 else { return nodes[0] }
        for node in nodes {
            let response = try? await ask(
                at: node.address, .client, "getHAServiceState", WireHAServiceStateRequest(),
                as: WireHAServiceStateResponse.self)
            if response?.state == .active { return node }
        }
        return nodes[0]
    }

    /// Calls a method of `ClientProtocol` of the active NameNode.
    func ask<Response: Message>(
        _ method: String, _ request: some Message, as type: Response.Type = Response.self
    ) async throws -> Response {
        try await nameNodes().call(method, request, user: user, as: Response.self).get()
    }

    /// Calls a method of one daemon.
    func ask<Response: Message>(
        at address: NetworkAddress, _ protocolName: RPCProtocol, _ method: String, _ request: some Message,
        as type: Response.Type = Response.self
    ) async throws -> Response {
        let target = RPCCaller.Target(address: address, protocolName: protocolName, user: user)
        return try await calls.call(target, method, request, as: Response.self).get()
    }

    /// Tells the path of an argument: absolute, relative to the home directory, or a whole location of this file system.
    func path(_ text: String) throws -> String {
        if text.hasPrefix("/") { return text }
        guard let scheme = text.range(of: "://") else { return "/user/\(user)/\(text)" }
        guard ["hdfs", "webhdfs"].contains(text[..<scheme.lowerBound]) else {
            throw HoneyError(
                .environment, "UNKNOWN_SCHEME", "FileSystem \(text) is not an HDFS file system")
        }
        let rest = text[scheme.upperBound...]
        return rest.firstIndex(of: "/").map { String(rest[$0...]) } ?? "/"
    }
}

/// What every administrator's command takes: `--config`, `-conf`, `-fs`, `-D`.
package struct GenericOptions: Sendable {
    package private(set) var configuration: HadoopConfiguration
    /// What is left for the command.
    package private(set) var arguments: [String] = []

    /// Reads options up to the command's own; `$HADOOP_CONF_DIR` serves where no configuration is named.
    package init(
        _ all: [String], environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws {
        var paths: [String] = []
        var settings: [String] = []
        var index = 0
        func value(of option: String) throws -> String {
            index += 1
            guard index < all.count else {
                throw HoneyError(.environment, "INVALID_ARGUMENT", "option needs a value: \(option)")
            }
            return all[index]
        }
        while index < all.count {
            let argument = all[index]
            switch argument {
            case "--config", "-conf": paths.append(try value(of: argument))
            case "-D": settings.append(try value(of: argument))
            case "-fs":
                let place = try value(of: argument)
                settings.append("fs.defaultFS=" + (place.contains("://") ? place : "hdfs://" + place))
                settings.append("dfs.nameservices=")
            default:
                if argument.hasPrefix("-D"), argument.contains("=") {
                    settings.append(String(argument.dropFirst(2)))
                } else {
                    arguments.append(argument)
                }
            }
            index += 1
        }
        if paths.isEmpty, let path = environment["HADOOP_CONF_DIR"], !path.isEmpty { paths = [path] }
        configuration = try HadoopConfiguration(paths: paths, settings: settings, environment: environment)
    }
}

/// Says what went wrong in one line, as Hadoop's commands do.
func firstLine(of error: any Error, about addresses: [NetworkAddress] = []) -> String {
    let text =
        switch error {
        case let error as RemoteException: error.message
        case let error as LostCall:
            "no answer from \(addresses.map(\.description).joined(separator: ", ")): \(error.reason.readable)"
        default: "\(error)"
        }
    return text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
}

extension CloseReason {
    var readable: String {
        switch self {
        case .refused: "connection refused"
        case .ended: "the connection ended"
        case .timedOut: "it took too long"
        case .malformed(let reason), .failed(let reason): reason
        }
    }
}
