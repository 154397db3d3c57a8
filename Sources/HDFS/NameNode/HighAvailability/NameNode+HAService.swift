import HoneyHDFSMessages
import SwiftProtobuf

/// What an administrator asks to move NameNodes between active and standby (`HAServiceProtocol`).
extension NameNode {
    func monitorHealth(_ request: WireMonitorHealthRequest, _ caller: Caller) throws(RemoteException)
        -> WireMonitorHealthResponse
    {
        try requireShared()
        return WireMonitorHealthResponse()
    }

    func getServiceStatus(_ request: WireGetServiceStatusRequest, _ caller: Caller) throws(RemoteException)
        -> WireGetServiceStatusResponse
    {
        try requireShared()
        return .with {
            $0.state = isActive ? .active : .standby
            $0.readyToBecomeActive = isActive || loaded?.blocks.safeMode.isStarting != true
            if !$0.readyToBecomeActive, let blocks = loaded?.blocks {
                $0.notReadyReason = "The NameNode is in safemode. " + blocks.safeMode.tip(at: now)
            }
        }
    }

    func transitionToActive(_ request: WireTransitionToActiveRequest, _ caller: Caller) throws(RemoteException)
        -> WireTransitionToActiveResponse
    {
        try requireShared()
        do {
            // One that was deposed and has not noticed is not active.
            if isActive { try loaded?.log.checkEpoch() } else { try becomeActive() }
        } catch {
            // The log is another's, or half taken over; who starts again reads it from its beginning.
            fatalFailure = error
            throw .serviceFailed("Failed to transition to active state: \(error)")
        }
        return WireTransitionToActiveResponse()
    }

    func transitionToStandby(_ request: WireTransitionToStandbyRequest, _ caller: Caller) throws(RemoteException)
        -> WireTransitionToStandbyResponse
    {
        try requireShared()
        try storing { try becomeStandby() }
        return WireTransitionToStandbyResponse()
    }

    private func requireShared() throws(RemoteException) {
        guard shared != nil else { throw .serviceFailed("HA for namenode is not enabled") }
    }

    /// Fails as Hadoop does on a standby; `category` is what kind of operation it would be.
    func requireActive(_ category: String) throws(RemoteException) {
        guard !isActive else { return }
        throw .standby(
            "Operation category \(category) is not supported in state standby. Visit https://s.apache.org/sbnn-error")
    }
}

extension RemoteException {
    fileprivate static func serviceFailed(_ message: String) -> RemoteException {
        RemoteException("org.apache.hadoop.ha.ServiceFailedException", message)
    }
}
