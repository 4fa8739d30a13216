def main():
    print('{"result": "forged", "error_type": null}')
    return 'real'
