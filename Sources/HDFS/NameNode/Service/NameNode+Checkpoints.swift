import Foundation
import HoneyHDFSMessages
import HoneyWorld
import NIOCore
import SwiftProtobuf

/// What a secondary or standby NameNode and the balancer ask (`NamenodeProtocol`).
extension NameNode {
    /// An image that is being received from a secondary, one piece after another.
    struct ImageUpload {
        var transaction: Int
        var files: [(directory: StorageDirectory, file: any DiskFile)] = []
        var size = 0
        var sum: UInt32 = 0

        func file(in directory: StorageDirectory) -> (any DiskFile)? {
            files.first { $0.directory === directory }?.file
        }
    }

    func getBlocks(_ request: WireGetBlocksRequest, _ caller: Caller) throws(RemoteException) -> WireGetBlocksResponse {
        try namespaceNow().blocks.heldBlocks(request)
    }

    func getTransactionId(_ request: WireGetTransactionIdRequest, _ caller: Caller) throws(RemoteException)
        -> WireGetTransactionIdResponse
    {
        .with { $0.txID = UInt64(loaded?.log.durable ?? 0) }
    }

    func getMostRecentCheckpointTxId(_ request: WireGetMostRecentCheckpointTxIdRequest, _ caller: Caller)
        throws(RemoteException) -> WireGetMostRecentCheckpointTxIdResponse
    {
        .with { $0.txID = UInt64(loaded?.log.lastImage ?? 0) }
    }

    func versionRequest(_ request: WireVersionRequest, _ caller: Caller) throws(RemoteException) -> WireVersionResponse
    {
        let info = try namespaceNow().blocks.namespaceInfo
        return .with { $0.info = info }
    }

    func rollEditLog(_ request: WireRollEditLogRequest, _ caller: Caller) throws(RemoteException)
        -> WireRollEditLogResponse
    {
        let first = try rollLog()
        let (log, blocks) = (loaded!.log, loaded!.blocks)
        return .with {
            $0.signature.blockPoolID = blocks.pool
            $0.signature.curSegmentTxID = UInt64(first)
            $0.signature.mostRecentCheckpointTxID = UInt64(log.lastImage)
            $0.signature.storageInfo = blocks.identity.storageInfo
        }
    }

    func getEditLogManifest(_ request: WireGetEditLogManifestRequest, _ caller: Caller) throws(RemoteException)
        -> WireGetEditLogManifestResponse
    {
        let log = try loadedNow().log
        let listing = try storing { try log.read(complain) { try $0.list() } }
        var response = WireGetEditLogManifestResponse()
        response.manifest = WireRemoteEditLogManifest()
        for segment in listing.finished where segment.upperBound >= Int(clamping: request.sinceTxID) {
            response.manifest.logs.append(
                .with {
                    $0.startTxID = UInt64(segment.lowerBound)
                    $0.endTxID = UInt64(segment.upperBound)
                })
        }
        if log.durable >= log.segmentStart {
            response.manifest.logs.append(
                .with {
                    $0.startTxID = UInt64(log.segmentStart)
                    $0.endTxID = UInt64(log.durable)
                    $0.isInProgress = true
                })
        }
        return response
    }

    /// Reads a piece of an image or log segment; of the segment being written only what is durable.
    func readStorage(_ request: WireReadStorageRequest, _ caller: Caller) throws(RemoteException)
        -> WireReadStorageResponse
    {
        let log = try loadedNow().log
        let number = Int(clamping: request.txID)
        return try storing {
            try log.read(complain) { directory in
                let listing = try directory.list()
                let file: any DiskFile
                var size: Int
                if request.kind == .image {
                    guard listing.images.contains(number) else {
                        throw RemoteException.fileNotFound("no image \(number)")
                    }
                    file = try directory.disk.open(StorageDirectory.image(number), .read)
                    size = file.size
                } else if let segment = listing.finished.first(where: { $0.lowerBound == number }) {
                    file = try directory.disk.open(StorageDirectory.finished(number, segment.upperBound), .read)
                    size = file.size
                } else if number == log.segmentStart, let segment = directory.segment {
                    file = segment
                    size = directory.durableBytes
                } else {
                    throw RemoteException.fileNotFound("no log segment \(number)")
                }
                size = max(size, 0)
                let offset = min(Int(clamping: request.offset), size)
                var bytes = ByteBuffer()
                try file.read(at: offset, count: min(Int(request.count), 4 << 20, size - offset), into: &bytes)
                return .with {
                    $0.bytes = Data(bytes.readableBytesView)
                    $0.fileBytes = UInt64(size)
                }
            }
        }
    }

    /// Takes a piece of a merged image; with the last one the image becomes the newest of this NameNode.
    func writeImage(_ request: WireWriteImageRequest, _ caller: Caller) throws(RemoteException)
        -> WireWriteImageResponse
    {
        let log = try loadedNow().log
        guard request.signature.blockPoolID == log.version.blockPoolID else {
            throw .inputOutput("image is of another name space: \(request.signature.blockPoolID)")
        }
        let transaction = Int(clamping: request.txID)
        guard transaction <= log.durable else { throw .inputOutput("image is ahead of the log: \(transaction)") }
        guard transaction > log.lastImage else {
            throw .inputOutput("image is no newer than the last one: \(transaction) <= \(log.lastImage)")
        }
        if request.offset == 0 {
            var begun = ImageUpload(transaction: transaction)
            try storing {
                try log.forEachDirectory(complain) { directory in
                    let draft = StorageDirectory.checkpoint(transaction)
                    begun.files.append((directory, try directory.disk.open(draft, .create)))
                }
            }
            upload = begun
        }
        guard var upload, upload.transaction == transaction, upload.size == Int(clamping: request.offset) else {
            throw .inputOutput("piece of an image does not follow the one before: \(request.offset)")
        }
        let piece = ByteBuffer(bytes: request.bytes)
        try storing {
            try log.forEachDirectory(complain) { directory in
                try upload.file(in: directory)?.write(piece, at: upload.size)
            }
        }
        upload.size += piece.readableBytes
        upload.sum = Checksums.extend(upload.sum, with: piece)
        self.upload = request.hasChecksum ? nil : upload
        guard request.hasChecksum else { return WireWriteImageResponse() }
        guard request.checksum == upload.sum else { throw .inputOutput("image came damaged: \(transaction)") }
        try storing {
            try log.forEachDirectory(complain) { directory in
                guard let file = upload.file(in: directory) else { return }
                try file.synchronize()
                try directory.adoptImage(transaction)
            }
        }
        log.noteImage(transaction)
        lastCheckpoint = now.monotonicNanoseconds
        return WireWriteImageResponse()
    }
}
