import HTTPTypes
import HoneyHDFS
import HoneyWorld
import HummingbirdCore
import NIOCore

/// What a DataNode answers over HTTP.
struct DataNodeHTTP: Sendable {
    let host: MachineHost<DataNode>
    let webHDFS: WebHDFSDataNode

    func answer(_ request: Request, from remote: String) async -> Response {
        let path = request.uri.path
        if path.hasPrefix(WebHDFSCall.prefix + "/") { return await webHDFS.answer(request, from: remote) }
        guard request.method == .get || request.method == .head else { return Response(status: .methodNotAllowed) }
        switch path {
        case "/", "/index.html", "/datanode.html":
            do {
                return .page(DataNodePage(try await host.overview()).html)
            } catch {
                return .text("\(error)\n", status: .serviceUnavailable)
            }
        default: return .text("no such page: \(path)\n", status: .notFound)
        }
    }
}

extension MachineHost where M == DataNode {
    func overview() async throws -> DataNodeOverview {
        let promise = eventLoop.makePromise(of: DataNodeOverview.self)
        ended.whenComplete { _ in promise.fail(EndedMachine()) }
        perform { node, now, _ in promise.succeed(node.overview(at: now)) }
        return try await promise.futureResult.get()
    }
}
