// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IDataToken} from "../../src/interfaces/IDataToken.sol";
import {DaoTest} from "../base/DaoTest.sol";

contract MintTest is DaoTest {
    function test_RevertWhen_CallerIsNotTheRegistry() public {
        address[4] memory callers = [stranger, creator, address(timelock), address(governor)];
        for (uint256 i = 0; i < callers.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IDataToken.DataTokenNotMinter.selector, callers[i]));
            vm.prank(callers[i]);
            token.mint(alice, 1);
        }
    }

    function test_RevertWhen_SupplyWouldExceed96Bits() public {
        vm.prank(address(registry));
        token.mint(alice, type(uint96).max);
        vm.expectRevert(
            abi.encodeWithSignature(
                "ERC20ExceededSafeSupply(uint256,uint256)", uint256(type(uint96).max) + 1, type(uint96).max
            )
        );
        vm.prank(address(registry));
        token.mint(alice, 1);
    }

    function test_RevertWhen_MinterIsZeroAtCreation() public {
        vm.expectRevert(IDataToken.DataTokenZeroAddress.selector);
        this.create(address(0), address(0), 0);
    }

    function test_FounderHasTheShareAndItsVotesAtCreation() public {
        address founder = account("founder");
        vm.prank(creator);
        IDataTokenLike created = IDataTokenLike(this.create(address(registry), founder, 5 * TOKEN));
        vm.assertEq(created.balanceOf(founder), 5 * TOKEN);
        vm.assertEq(created.getVotes(founder), 5 * TOKEN);
        vm.assertEq(created.totalSupply(), 5 * TOKEN);
    }

    function test_NobodyHoldsTokensWithoutAFounderShare() public view {
        vm.assertEq(token.totalSupply(), 0);
    }

    function create(address minter, address founder, uint256 share) external returns (address) {
        return deploy("DataToken.sol:DataToken", abi.encode("Data", "DATA", minter, founder, share));
    }
}

interface IDataTokenLike {
    function balanceOf(address account) external view returns (uint256);
    function getVotes(address account) external view returns (uint256);
    function totalSupply() external view returns (uint256);
}
