// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Vectors} from "../test/protocol/Vectors.sol";
import {Vm} from "../test/base/Vm.sol";

/// @dev Rewrites tests/testdata/protocol-vectors.json: `forge script script/WriteVectors.s.sol` in contracts/. Only when docs/protocol.md changes.
contract WriteVectors {
    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    function run() external {
        vm.writeJson(new Vectors().json(), "../tests/testdata/protocol-vectors.json");
    }
}
