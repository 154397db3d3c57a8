import HTTPTypes
import HoneyHDFS
import HoneyHDFSMessages
import HoneyWorld
import HummingbirdCore
import NIOCore
import SwiftProtobuf

/// What a NameNode answers over HTTP.
struct NameNodeHTTP: Sendable {
    let host: MachineHost<NameNode>
    let nameNode: NameNodeCalls
    /// What DataNodes are told to call.
    let authority: String

    func answer(_ request: Request, from remote: String) async -> Response {
        let path = request.uri.path
        if path == WebHDFSCall.prefix || path.hasPrefix(WebHDFSCall.prefix + "/") {
            return await WebHDFSNameNode(nameNode: nameNode, authority: authority).answer(request, from: remote)
        }
        guard request.method == .get || request.method == .head else { return Response(status: .methodNotAllowed) }
        do {
            switch path {
            case "/", "/index.html", "/dfshealth.html", "/dfshealth.jsp":
                return .page(NameNodePage(try await host.overview(), authority: authority).html)
            case "/fsck": return try await check(RequestParameters(request), from: remote)
            case "/jmx": return .json(Metrics.beans(try await host.overview(), RequestParameters(request)), isTyped: true)
            case "/isActive":
                let isActive = try await host.overview().state == .active
                return isActive ? .text("") : .text("Service not active", status: .methodNotAllowed)
            default: return .text("no such page: \(path)\n", status: .notFound)
            }
        } catch {
            return .text("\(error)\n", status: .serviceUnavailable)
        }
    }

    private func check(_ parameters: RequestParameters, from remote: String) async throws -> Response {
        let path = parameters["path"] ?? "/"
        let user = parameters["ugi"] ?? parameters["user.name"] ?? WebHDFSCall.defaultUser
        let startAfter = try parameters.int("startblockafter") ?? 0
        var names = Set(parameters.all.map { $0.name.lowercased() })
        if names.contains("move") {
            return .text("moving corrupt files is not part of this file system; -delete removes them\n"
                + "Fsck on path '\(path)' FAILED")
        }
        let deletes = names.remove("delete") != nil
        let options = FileSystemCheck.Options(names: names)
        var (text, files) = try await host.asking { node, now in
            node.check(path, options: options, startAfter: startAfter, user: user, host: remote, at: now)
        }
        if deletes {
            for file in files { text = "\(try await delete(file, user))\n" + text }
        }
        return .text(text)
    }

    private func delete(_ file: String, _ user: String) async throws -> String {
        let request = WireDeleteRequest.with {
            $0.src = file
            $0.recursive = false
        }
        do {
            _ = try await nameNode.call("delete", request, user: user, as: WireDeleteResponse.self).get()
            return "\(file): deleted"
        } catch let error as RemoteException {
            return "\(file): cannot be deleted: \(error.message)"
        }
    }
}

extension MachineHost where M == NameNode {
    /// Asks the machine something on its event loop; fails when it has ended.
    func asking<Value: Sendable>(_ body: @escaping @Sendable (NameNode, Moment) -> Value) async throws -> Value {
        let promise = eventLoop.makePromise(of: Value.self)
        ended.whenComplete { _ in promise.fail(EndedMachine()) }
        perform { node, now, _ in promise.succeed(body(node, now)) }
        return try await promise.futureResult.get()
    }

    func overview() async throws -> NameNodeOverview { try await asking { $0.overview(at: $1) } }
}

/// Says that a machine answers no more.
struct EndedMachine: Error, CustomStringConvertible {
    var description: String { "the daemon has ended" }
}
