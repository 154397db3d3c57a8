import Foundation
import HoneyHDFSMessages
import HoneyWorld
import NIOCore
import SwiftProtobuf

/// Sends an image to an active NameNode, one piece after another (`writeImage`).
final class ImageSender {
    private let link: NameNodeCaller
    private let file: any DiskFile
    private let transaction: Int
    private let signature: WireCheckpointSignature
    private var offset = 0
    private var sum: UInt32 = 0

    static let pieceBytes = 4 << 20

    init(
        _ file: any DiskFile, transaction: Int, version: StorageVersion, over link: NameNodeCaller
    ) {
        self.link = link
        self.file = file
        self.transaction = transaction
        signature = .with {
            $0.blockPoolID = version.blockPoolID
            $0.mostRecentCheckpointTxID = UInt64(transaction)
            $0.curSegmentTxID = UInt64(transaction + 1)
            $0.storageInfo = version.identity.storageInfo
        }
    }

    /// Sends all; `done` hears why it failed, or nil.
    func send(_ effects: Effects<HDFSMessage>, done: @escaping (RemoteException?) -> Void) {
        var piece = ByteBuffer()
        do throws(DiskError) {
            try file.read(at: offset, count: Self.pieceBytes, into: &piece)
        } catch {
            return done(.inputOutput(error.message))
        }
        sum = Checksums.extend(sum, with: piece)
        let end = offset + piece.readableBytes
        let isLast = end >= file.size
        guard isLast || piece.readableBytes > 0 else { return done(.inputOutput("image cannot be read to its end")) }
        let request = WireWriteImageRequest.with {
            $0.signature = signature
            $0.txID = UInt64(transaction)
            $0.offset = UInt64(offset)
            $0.bytes = Data(piece.readableBytesView)
            if isLast { $0.checksum = sum }
        }
        offset = end
        link.call(.namenode, "writeImage", request, effects) {
            [self] (result: Result<WireWriteImageResponse, RemoteException>) in
            switch result {
            case .failure(let exception): done(exception)
            case .success: if isLast { done(nil) } else { send(effects, done: done) }
            }
        }
    }
}
