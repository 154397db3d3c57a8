package import HoneyPlan

/// What expressions are compiled with: the functions they call and the session those may read.
package struct EvaluationContext: Sendable {
    package var functions: FunctionCatalog
    package var session: SessionValues

    package init(functions: FunctionCatalog, session: SessionValues) {
        self.functions = functions
        self.session = session
    }
}
