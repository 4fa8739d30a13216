def main():
    return {'nan': float('nan'), 'inf': [float('inf'), -float('inf')], 'text': 'NaN Infinity'}
