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
    /// For files that `fsck` is to keep something of.
    let fileSystems: UserFileSystems

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
            case "/jmx":
                return .json(Metrics.beans(try await host.overview(), RequestParameters(request)), isTyped: true)
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
        let moves = names.remove("move") != nil
        let deletes = names.remove("delete") != nil
        let options = FileSystemCheck.Options(names: names)
        var (text, files) = try await outcome(
            of: host.asking { node, now in
                node.beginCheck(path, options: options, startAfter: startAfter, user: user, host: remote, at: now)
            })
        // What a superuser would see as lost may be what `/lost+found` keeps of others already.
        for file in files where !file.hasPrefix(LostAndFound.directory + "/") {
            var lines = ""
            var isKept = true
            if moves { (lines, isKept) = await keep(file, user) }
            // What could not be kept is not thrown away.
            if deletes, isKept { lines += "\(try await delete(file, user))\n" }
            text = lines + text
        }
        return .text(text)
    }

    private func outcome(of begun: CheckProgress) async throws -> (text: String, files: [String]) {
        var progress = begun
        while true {
            switch progress {
            case .done(let text, let files): return (text, files)
            case .running(let check): progress = try await host.asking { node, now in node.advance(check, at: now) }
            }
        }
    }

    /// Copies what is left of a file to `/lost+found`; tells what came of it.
    private func keep(_ file: String, _ user: String) async -> (line: String, isKept: Bool) {
        do {
            let (fileSystem, location) = try fileSystems.place(of: file, for: user)
            let count = try await BlockingThreads.run { try LostAndFound.keep(location, on: fileSystem) }
            return ("\(file): copied to \(LostAndFound.directory)\(file) as \(count) file(s)\n", true)
        } catch {
            return ("\(file): cannot be copied to \(LostAndFound.directory): \(firstLine(of: error))\n", false)
        }
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
