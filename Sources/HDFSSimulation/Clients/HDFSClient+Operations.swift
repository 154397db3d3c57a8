import Foundation
import HoneyHDFS
import HoneyHDFSMessages
import SwiftProtobuf

/// What came of an operation.
enum OperationOutcome {
    /// It was done, or was there.
    case done
    /// It was refused, or was not there; the reason for messages.
    case refused(String)
    case found(WireHdfsFileStatus)
    case listed([WireHdfsFileStatus])
}

extension HDFSClient {
    /// Does an operation with the calls a client makes for it.
    func perform(_ operation: Operation, replication: Int, completion: @escaping (OperationOutcome) -> Void) {
        func call<Request: SwiftProtobuf.Message, Response: SwiftProtobuf.Message>(
            _ method: String, _ request: Request, _ outcome: @escaping (Response) -> OperationOutcome
        ) {
            self.call(method, request, as: Response.self) { result in
                switch result {
                case .success(let response): completion(outcome(response))
                case .failure(let error): completion(.refused("\(error)"))
                }
            }
        }
        func truth(_ value: Bool) -> OperationOutcome { value ? .done : .refused("false") }
        switch operation {
        case .makeDirectory(let path):
            let request = WireMkdirsRequest.with {
                $0.src = path
                $0.masked.perm = 0o755
                $0.createParent = true
            }
            call("mkdirs", request) { (response: WireMkdirsResponse) in truth(response.result) }
        case .touch(let path, let overwrites, let makesParents):
            touch(path, overwrites: overwrites, makesParents: makesParents, replication: replication, completion)
        case .rename(let source, let target):
            let request = WireRenameRequest.with {
                $0.src = source
                $0.dst = target
            }
            call("rename", request) { (response: WireRenameResponse) in truth(response.result) }
        case .replace(let source, let target, let overwrites):
            let request = WireRename2Request.with {
                $0.src = source
                $0.dst = target
                $0.overwriteDest = overwrites
            }
            call("rename2", request) { (_: WireRename2Response) in .done }
        case .delete(let path, let isRecursive):
            let request = WireDeleteRequest.with {
                $0.src = path
                $0.recursive = isRecursive
            }
            call("delete", request) { (response: WireDeleteResponse) in truth(response.result) }
        case .setPermission(let path, let mode):
            let request = WireSetPermissionRequest.with {
                $0.src = path
                $0.permission.perm = UInt32(mode)
            }
            call("setPermission", request) { (_: WireSetPermissionResponse) in .done }
        case .setReplication(let path, let replication):
            let request = WireSetReplicationRequest.with {
                $0.src = path
                $0.replication = UInt32(replication)
            }
            call("setReplication", request) { (response: WireSetReplicationResponse) in truth(response.result) }
        case .look(let path):
            let request = WireGetFileInfoRequest.with { $0.src = path }
            call("getFileInfo", request) { (response: WireGetFileInfoResponse) in
                response.hasFs ? .found(response.fs) : .refused("nothing is there")
            }
        case .list(let path):
            let request = WireGetListingRequest.with {
                $0.src = path
                $0.startAfter = Data()
                $0.needLocation = false
            }
            call("getListing", request) { (response: WireGetListingResponse) in
                response.hasDirList ? .listed(response.dirList.partialListing) : .refused("nothing is there")
            }
        }
    }

    private func touch(
        _ path: String, overwrites: Bool, makesParents: Bool, replication: Int,
        _ completion: @escaping (OperationOutcome) -> Void
    ) {
        let request = WireCreateRequest.with {
            $0.src = path
            $0.masked.perm = 0o644
            $0.clientName = name
            $0.createFlag = overwrites ? 3 : 1
            $0.createParent = makesParents
            $0.replication = UInt32(replication)
            $0.blockSize = 1 << 20
        }
        call("create", request, as: WireCreateResponse.self) { [self] result in
            switch result {
            case .failure(let error): completion(.refused("\(error)"))
            case .success(let response): complete(path, response.fs.fileID, completion)
            }
        }
    }

    private func complete(_ path: String, _ id: UInt64, _ completion: @escaping (OperationOutcome) -> Void) {
        let request = WireCompleteRequest.with {
            $0.src = path
            $0.clientName = name
            $0.fileID = id
        }
        call("complete", request, as: WireCompleteResponse.self) { [self] result in
            switch result {
            case .failure(let error): completion(.refused("complete after create: \(error)"))
            case .success(let response):
                if response.result { completion(.done) } else { complete(path, id, completion) }
            }
        }
    }
}
